// SPDX-License-Identifier: Apache-2.0

/// Bodies of Prometheus Alertmanager's webhook, version 4.
///
/// A body does not say when it was delivered. So it is best kept as `{"received_at": …, "body": {…}}`; else
/// the rules must say when it was received. `startsAt` is when the alert fired, not since when its
/// condition held: the rule's own `for` lies between, and only the rules of the import can tell how long.
struct AlertmanagerReader {
    let rules: ImportRules

    func read(_ documents: [JSONText], into source: inout RecordSource) {
        var isSilent = false
        for document in RecordSource.objects(documents) {
            let body = document["body"] ?? document
            guard let alerts = body["alerts"]?.items else {
                source.skip(document, "has no 'alerts'; is it a body of Alertmanager's webhook?")
                continue
            }
            let receivedAt = document["received_at"]?.scalar ?? rules.receivedAt?.description
            if let count = body["truncatedAlerts"]?.scalar, count != "0" {
                source.skip(body, "\(count) alerts were cut off by max_alerts")
            }
            for alert in alerts {
                guard let record = record(alert, receivedAt: receivedAt, into: &source) else { continue }
                isSilent = isSilent || record.fields["true_at"] == nil
                source.records.append(record)
            }
        }
        if isSilent {
            source.notes.append(
                "since when a condition held is not known; --hold says for how long it holds before it fires")
        }
    }

    private func record(
        _ alert: JSONText, receivedAt: String?, into source: inout RecordSource
    ) -> ImportRecord? {
        guard let receivedAt else {
            source.skip(
                alert,
                "nothing says when it was delivered; keep bodies as {\"received_at\": …, \"body\": …}, or "
                    + "give --received")
            return nil
        }
        guard let rule = alert["labels", "alertname"]?.scalar, let begun = alert["startsAt"]?.scalar else {
            source.skip(alert, "has no label 'alertname' or no 'startsAt'")
            return nil
        }
        let severity = alert["labels", "severity"]?.scalar ?? ""
        let trueAt = rules.hold.flatMap { hold in (Moment(begun)).map { ($0 - hold).description } }
        let isOver = alert["status"]?.scalar == "resolved"
        return ImportRecord(
            line: alert.line,
            [
                "id": "alertmanager/\(fingerprint(alert))/\(begun)", "rule": rule,
                "service": alert["labels", "service"]?.scalar,
                "is_important": rules.importantSeverities.contains(severity) ? "true" : "false",
                "is_prediction": alert["labels", "prediction"]?.scalar, "true_at": trueAt,
                "fired_at": begun, "delivered_at": receivedAt,
                "resolved_at": isOver ? alert["endsAt"]?.scalar : nil,
            ])
    }

    /// Older bodies have no fingerprint; the labels name an alert as well.
    private func fingerprint(_ alert: JSONText) -> String {
        if let known = alert["fingerprint"]?.scalar { return known }
        return (alert["labels"]?.keys ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.scalar ?? "")" }.joined(separator: ",")
    }
}
