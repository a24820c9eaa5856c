// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// A shop of five sites with three services: one that is proven, one that breaks its promise, one nobody tried.
enum ExamplePlan {
    static let json = """
        {"lifeboat": "1", "workspace": "example-shop", "organisation": "Example Shop", "zone": "Asia/Shanghai",
         "orchestrator": {"site": "ops"},
         "sites": {
           "hq": {"name": "Shanghai headquarters", "facility": "PVG-1", "city": "CNSHA", "region": "CN-SH", "production": "true"},
           "ops": {"name": "Operations room", "facility": "PVG-3", "city": "CNSHA", "region": "CN-SH"},
           "metro": {"name": "Shanghai second hall", "facility": "PVG-7", "city": "CNSHA", "region": "CN-SH"},
           "north": {"name": "Beijing", "facility": "PEK-2", "city": "CNBJS", "region": "CN-BJ"},
           "west": {"name": "Chengdu", "facility": "CTU-1", "city": "CNCTU", "region": "CN-SC"}},
         "hosts": {
           "metro-nas": {"site": "metro", "ssh": {"host": "nas.example", "user": "u", "identity": "keys/metro"}, "host_key": "ssh-ed25519 SHA256:i2yEC9ia9RwMcSY3r6u2WCqhByp3YqGGdYfNjv1rkTQ", "drills": ["sandbox"]},
           "north-dr": {"site": "north", "ssh": {"host": "dr.example", "user": "u", "identity": "keys/north"}, "host_key": "ssh-ed25519 SHA256:i2yEC9ia9RwMcSY3r6u2WCqhByp3YqGGdYfNjv1rkTQ", "drills": ["sandbox"]},
           "west-vault": {"site": "west", "ssh": {"host": "vault.example", "user": "u", "identity": "keys/west"}, "host_key": "ssh-ed25519 SHA256:i2yEC9ia9RwMcSY3r6u2WCqhByp3YqGGdYfNjv1rkTQ"}},
         "stores": {
           "metro": {"host": "metro-nas", "path": "/srv/lifeboat"},
           "north": {"host": "north-dr", "path": "/srv/lifeboat"},
           "west": {"host": "west-vault", "path": "/srv/vault", "append_only": "true"}},
         "datasets": {
           "documents": {"source": {"site": "hq", "path": "/srv/files"},
             "copies": {"to": ["metro", "north", "west"], "at_least": "3", "offsite": "1", "append_only": "1", "verified_within": "7d"}},
           "orders_dump": {"source": {"site": "hq", "path": "/srv/orders"},
             "copies": {"to": ["metro", "west"], "at_least": "2", "offsite": "1", "append_only": "1", "verified_within": "7d"}},
           "handbook": {"source": {"site": "hq", "path": "/srv/wiki"},
             "copies": {"to": ["metro", "north"], "at_least": "2", "offsite": "1", "append_only": "0", "verified_within": "7d"}}},
         "services": {
           "files": {"tier": "core", "kind": "business", "standby": "cold", "datasets": ["documents"], "owner": "petra",
             "objectives": {"rpo": "8h", "rto": "2h", "wrt": "1h", "mtpd": "8h", "mbco": "read-write, 50 clients"}},
           "orders": {"tier": "core", "kind": "business", "standby": "cold", "datasets": ["orders_dump"], "owner": "petra",
             "objectives": {"rpo": "15m", "rto": "30m", "mtpd": "4h"}},
           "wiki": {"tier": "standard", "kind": "business", "standby": "none", "datasets": ["handbook"],
             "objectives": {"rpo": "1d", "rto": "1d"}}},
         "probes": {
           "files_http": {"from": ["metro-nas"], "every": "1s", "timeout": "900ms", "http": "http://files1.example/health.txt"},
           "files_at_north": {"from": ["metro-nas"], "every": "1s", "timeout": "900ms", "http": "http://dr.example:8080/health.txt"}},
         "canaries": {"files_seq": {"dataset": "documents", "path": ".canary", "every": "60s"}},
         "people": {"petra": {"roles": ["owner"]}, "dana": {"roles": ["conductor"]}}}
        """

    static func plan() throws -> Plan {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
        let (plan, problems) = Plan.decode(node(object))
        return try #require(plan, "\(problems)")
    }

    /// Keys in order, so that the same text always gives the same plan.
    private static func node(_ value: Any) -> Node {
        let place = Place(file: "plan", line: 1)
        switch value {
        case let map as [String: Any]:
            let entries = map.sorted { $0.key < $1.key }.map {
                Node.Entry(key: $0.key, place: place, value: node($0.value))
            }
            return Node(.mapping(entries), at: place)
        case let list as [Any]: return Node(.sequence(list.map(node)), at: place)
        default: return Node(.scalar("\(value)", isPlain: false), at: place)
        }
    }
}
