// SPDX-License-Identifier: Apache-2.0

extension SiteConnector {
    /// Shells at the hosts of the plan, for drills, canaries and probes.
    package var reach: any HostReaching {
        SiteReach(plan: plan) { [self] host in try open(host) }
    }
}
