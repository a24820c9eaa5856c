// SPDX-License-Identifier: Apache-2.0

/// PagerDuty's list of incidents.
///
/// PagerDuty learns of an incident when it is triggered; when it began to hurt it does not know. So the begin
/// is the trigger, which makes every outage look as short as it can be, and that is said.
struct PagerDutyReader {
    func read(_ documents: [JSONText], into source: inout RecordSource) {
        for object in RecordSource.objects(documents, under: "incidents") {
            let incident = object["incident"] ?? object
            guard let id = incident["id"]?.scalar, let created = incident["created_at"]?.scalar,
                let status = incident["status"]?.scalar
            else {
                source.skip(object, "has no 'id', 'created_at' or 'status'; is it an incident?")
                continue
            }
            source.records.append(record(incident, id, created, status))
        }
        if !source.records.isEmpty {
            source.notes.append("begun_at is when PagerDuty was triggered; what hurt before is not in it")
        }
    }

    private func record(_ incident: JSONText, _ id: String, _ created: String, _ status: String)
        -> ImportRecord
    {
        let isOver = status == "resolved"
        let ended = incident["resolved_at"]?.scalar ?? incident["last_status_change_at"]?.scalar
        let first = (incident["acknowledgements"]?.items ?? []).compactMap { $0["at"]?.scalar }.min()
        let changer = incident["last_status_change_by", "type"]?.scalar ?? ""
        let isByService = changer.hasPrefix("service")
        return ImportRecord(
            line: incident.line,
            [
                "id": "pagerduty/\(id)",
                "service": incident["service", "summary"]?.scalar ?? incident["service", "id"]?.scalar,
                "title": incident["title"]?.scalar ?? incident["summary"]?.scalar,
                "severity": incident["priority", "summary"]?.scalar ?? incident["urgency"]?.scalar,
                "begun_at": created, "detected_at": created, "registered_at": created,
                "opened_by": opener(incident), "acknowledged_at": first,
                "restored_at": isOver ? ended : nil,
                "restored_by": isOver ? (isByService ? "automation" : changer.isEmpty ? nil : "person") : nil,
                "closed_at": isOver ? ended : nil,
                "ticket": incident["html_url"]?.scalar,
            ])
    }

    private func opener(_ incident: JSONText) -> String? {
        guard let words = incident["first_trigger_log_entry", "summary"]?.scalar else { return nil }
        return words.contains("through the API") || words.contains("through the integration")
            || words.contains("by email") ? "automation" : nil
    }
}
