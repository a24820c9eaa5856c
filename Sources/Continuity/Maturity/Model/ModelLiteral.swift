// SPDX-License-Identifier: Apache-2.0
// swift-format-ignore-file
// Written by 'make model' from Sources/Continuity/Maturity/model.yaml; change that file.

/// The shipped model as JSON, every scalar a text (see Decisions/0060).
enum ModelLiteral {
    static let json = ###"""
{
"lifeboat_model":"1",
"id":"technical-operations-capability",
"version":"1",
"parameters":{
"window":{
"default":"365d",
"en":"the audit window, which ends at the instant of the grade"},
"complete_quarters":{
"default":"4",
"en":"calendar quarters wholly before that instant that count for what is held regularly"},
"month":{
"default":"31d",
"en":"the longest gap that is still monthly"},
"week":{
"default":"7d",
"en":"the longest gap that is still weekly"},
"day":{
"default":"24h",
"en":"the longest gap that is still daily"},
"hour":{
"default":"60m",
"en":"the longest gap that is still hourly"},
"grace.month":{
"default":"24h",
"en":"allowed on top of a month"},
"grace.week":{
"default":"12h",
"en":"allowed on top of a week"},
"grace.day":{
"default":"2h",
"en":"allowed on top of a day: a day of 25 hours in autumn, and start jitter"},
"grace.hour":{
"default":"10m",
"en":"allowed on top of an hour"},
"settle":{
"default":"24h",
"en":"time a copy may take to reach its site and be verified"},
"verify_max_age":{
"default":"35d",
"en":"a copy whose last proof is older does not count"},
"allowed_exceedances":{
"default":"0",
"en":"gaps over the bar that are tolerated in the window"},
"remote_min_km":{
"default":"0",
"en":"the least distance of a remote place; 0 asks for none, 100 is recommended"},
"require_both_city_and_remote":{
"default":"false",
"en":"whether a remote copy or site does not stand in for one in the same city"},
"cadence_mode":{
"default":"gap",
"en":"gap: the longest gap counts; bucket: one success in every complete calendar day, week or month"},
"l2_each_type":{
"default":"false",
"en":"whether a desk check and a walkthrough are both asked for at level 2"},
"drill_cadence":{
"default":"per_type",
"en":"per_type: each type in every quarter; programme: any type in every quarter and each type once in the window"},
"quant.few":{
"default":"1",
"en":"how many are a few"},
"quant.some":{
"default":"0.25",
"en":"the share that is some"},
"quant.most":{
"default":"0.5",
"en":"the share above which it is most"},
"quant.all":{
"default":"1",
"en":"the share that is all"},
"mostly":{
"default":"0.9",
"en":"the share that is mostly"},
"assured":{
"default":"0.95",
"en":"the share that is assured"},
"nearly_all":{
"default":"0.9",
"en":"the share that is nearly all"},
"before_users_share":{
"default":"0.9",
"en":"the share of incidents to be found before users find them"},
"alert_quantile":{
"default":"1.0",
"en":"the share of alerts that must be in time"},
"second_level":{
"default":"10s",
"en":"the longest interval that is still by the second"},
"minute_level":{
"default":"60s",
"en":"the longest interval that is still by the minute"},
"ack_limit":{
"default":"15m",
"en":"after this an acknowledgement is late"},
"register_limit":{
"default":"30m",
"en":"after this an incident was not registered promptly"},
"first_action":{
"default":"5m",
"en":"after this the first action was not at once"},
"hot_standby_ok":{
"default":"0.99",
"en":"the share of good standby probes that proves a hot standby"},
"probe_confirm":{
"default":"2",
"en":"failed samples in a row that open an outage"},
"probe_gap_factor":{
"default":"3",
"en":"silence longer than this many intervals is unsampled time"},
"count_planned_maintenance_as_downtime":{
"default":"true",
"en":"whether announced maintenance counts as downtime in table 15"},
"min_changes":{
"default":"20",
"en":"fewer changes make a rate a low sample"},
"min_ci_runs":{
"default":"30",
"en":"fewer runs make no failure say nothing"},
"min_cd_runs":{
"default":"10",
"en":"fewer deployments make no failure say nothing"},
"attestation_max_age":{
"default":"365d",
"en":"an attestation never lasts longer"},
"hours_per_year":{
"default":"8760h",
"en":"to this long a year downtime is scaled"}},
"tables":[
{
"table":"1",
"id":"metric-collection",
"section":"1.1",
"name":{
"en":"Metric collection",
"zh":"指标采集"},
"attested_by":[
"monitoring owner"],
"attested_by_zh":[
"监控负责人"],
"evidence":"monitoring inventory export or screenshot, dated",
"evidence_zh":"带日期的监控清单导出或截图",
"dimensions":[
{
"id":"t01-coverage",
"name":{
"en":"Collection coverage",
"zh":"覆盖度"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t01-coverage-host-os","en":"Basic operating-system health of the hosts is collected.","zh":"能采集主机操作系统的基本运行状况。","kind":"attested"}],
"2":[
{"id":"t01-coverage-apps","en":"Operating systems and business applications are both collected.","zh":"操作系统与业务应用两层均已纳入采集。","kind":"attested"}],
"3":[
{"id":"t01-coverage-infra","en":"Hardware hosts, network, operating systems and business applications are all collected.","zh":"硬件主机、网络、操作系统、业务应用各层均已纳入采集。","kind":"attested"}],
"4":[
{"id":"t01-coverage-middleware","en":"The level-3 layers plus middleware are collected.","zh":"在三级各层之外，中间件也纳入采集。","kind":"attested"}],
"5":[
{"id":"t01-coverage-endpoint","en":"The level-4 layers plus end-user access (client side) are collected.","zh":"在四级各层之外，用户终端侧的访问情况也纳入采集。","kind":"attested"}]}},
{
"id":"t01-method",
"name":{
"en":"Collection method",
"zh":"采集方法"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t01-method-os-tools","en":"Readings come only from the operating system's own utilities.","zh":"读数只来自操作系统自带的工具。","kind":"attested"}],
"2":[
{"id":"t01-method-plugins","en":"Purpose-written collectors are run by a timed job framework.","zh":"由定时作业框架调度自行编写的采集程序。","kind":"attested"}],
"3":[
{"id":"t01-method-protocols","en":"Collectors cover OS utilities, custom handlers and standard protocols such as SNMP.","zh":"采集方式涵盖系统工具、自编程序以及 SNMP 等通用协议。","kind":"attested"}],
"4":[
{"id":"t01-method-agent","en":"A mature active-collection and scheduling framework exists, plus a push agent suited to business needs.","zh":"有成熟的主动采集与调度框架，并配有贴合业务需要的上报代理。","kind":"attested"}],
"5":[
{"id":"t01-method-sdk","en":"As level 4, and applications can also push through an SDK.","zh":"在四级之上，应用还可通过 SDK 自行上报。","kind":"attested"}]}},
{
"id":"t01-accuracy",
"name":{
"en":"Reading accuracy",
"zh":"准确性"},
"mode":"additive",
"floor":"0",
"alike":[
[
"2",
"3"]],
"levels":{
"1":[
{"id":"t01-accuracy-os-grade","en":"Readings are as exact as the operating-system tools they come from, no better guarantee.","zh":"读数的精度取决于所用的系统工具，不作更高保证。","kind":"attested"}],
"2":[
{"id":"t01-accuracy-err5","en":"Application readings are off by less than 5 %; everything else agrees with what is observed.","zh":"应用指标误差小于 5%，其余读数与实际观察相符。","kind":"measured","check":{"metric":"app_metric_error","op":"<","bar":"0.05"},"attestable":"true"}],
"3":[
{"inherits":"t01-accuracy-err5"}],
"4":[
{"id":"t01-accuracy-err1","en":"Application readings are off by less than 1 %; everything else agrees with what is observed.","zh":"应用指标误差小于 1%，其余读数与实际观察相符。","kind":"measured","check":{"metric":"app_metric_error","op":"<","bar":"0.01"},"attestable":"true","supersedes":["t01-accuracy-err5"]}],
"5":[
{"id":"t01-accuracy-noerr","en":"Application readings carry no error, endpoint readings only a slight one, the rest agrees with observation.","zh":"应用指标无误差，终端指标仅有轻微偏差，其余读数与实际观察相符。","kind":"attested","supersedes":["t01-accuracy-err1"],"note":"zero error is not measurable; attest with the reconciliation record"}]}},
{
"id":"t01-freshness",
"name":{
"en":"Reading freshness",
"zh":"及时性"},
"mode":"additive",
"floor":"0",
"alike":[
[
"1",
"2",
"3"],
[
"4",
"5"]],
"levels":{
"1":[
{"id":"t01-freshness-minute","en":"Readings arrive with about one-minute granularity.","zh":"读数约每分钟更新一次。","kind":"measured","check":{"metric":"metric_sample_interval","op":"<=","bar":"$minute_level"},"attestable":"true"}],
"2":[
{"inherits":"t01-freshness-minute"}],
"3":[
{"inherits":"t01-freshness-minute"}],
"4":[
{"id":"t01-freshness-second","en":"Readings arrive at second granularity.","zh":"读数按秒更新。","kind":"measured","check":{"metric":"metric_sample_interval","op":"<=","bar":"$second_level"},"attestable":"true","supersedes":["t01-freshness-minute"],"note":"the source says only \"second-level\"; 10 s is this model's reading"}],
"5":[
{"inherits":"t01-freshness-second"}]}}]},
{
"table":"2",
"id":"monitoring-data",
"section":"1.2",
"name":{
"en":"Monitoring data processing",
"zh":"监控数据处理"},
"attested_by":[
"monitoring owner"],
"attested_by_zh":[
"监控负责人"],
"evidence":"architecture document of the monitoring data path",
"evidence_zh":"监控数据链路的架构文档",
"dimensions":[
{
"id":"t02-etl",
"name":{
"en":"Extraction and transformation",
"zh":"ETL功能"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t02-etl-extract","en":"The object, metric or event is picked out of raw input, enough to raise an alert.","zh":"能从原始输入中取出对象、指标或事件，足以据此发出告警。","kind":"attested"}],
"2":[
{"id":"t02-etl-filter","en":"Input is filtered, and metrics are aggregated per time slot.","zh":"对输入做过滤，并按时间片汇总指标。","kind":"attested"}],
"3":[
{"id":"t02-etl-clean","en":"Input is cleaned, translated and converted before time-slot aggregation.","zh":"先对输入做清洗、翻译和转换，再按时间片汇总。","kind":"attested"}],
"4":[
{"id":"t02-etl-dimensions","en":"As level 3, and aggregation also runs along dimensions, giving multi-dimensional metrics.","zh":"在三级之上，还能按维度汇总，得到多维指标。","kind":"attested"}],
"5":[
{"id":"t02-etl-configurable","en":"Many input types are cleaned, converted and aggregated by user-defined configuration.","zh":"多种输入的清洗、转换与汇总均可由用户自行配置。","kind":"attested"}]}},
{
"id":"t02-processing",
"name":{
"en":"Processing capacity",
"zh":"处理能力"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t02-processing-script","en":"Small amounts of data are processed by simple programs.","zh":"用简单程序处理少量数据。","kind":"attested"}],
"2":[
{"id":"t02-processing-single-node","en":"A few programs on one machine process small volumes.","zh":"单机上的少数程序即可处理小规模数据。","kind":"attested"}],
"3":[
{"id":"t02-processing-small-cluster","en":"Processing runs on a small cluster.","zh":"由小型集群承担处理。","kind":"attested"}],
"4":[
{"id":"t02-processing-scalable","en":"Distributed services on a medium cluster process data and scale out.","zh":"中型集群上的分布式服务承担处理，并可横向扩展。","kind":"attested"}],
"5":[
{"id":"t02-processing-streaming","en":"A general distributed stream-processing cluster handles many kinds of mass data.","zh":"通用的分布式流处理集群可承接多种海量数据。","kind":"attested"}]}},
{
"id":"t02-storage",
"name":{
"en":"Storage capacity",
"zh":"存储能力"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t02-storage-small-db","en":"A small general relational database stores the data.","zh":"数据存放于小型通用关系数据库。","kind":"attested"}],
"2":[
{"id":"t02-storage-modelled-db","en":"A relational model of monitoring data is stored in a general relational database.","zh":"按监控数据的关系模型存放于通用关系数据库。","kind":"attested"}],
"3":[
{"id":"t02-storage-cluster","en":"An abstract data model on a storage cluster, with efficient query interfaces.","zh":"以抽象数据模型存于存储集群，并提供高效查询接口。","kind":"attested"}],
"4":[
{"id":"t02-storage-timeseries","en":"Multi-dimensional time series are kept in a scalable cluster with efficient query interfaces.","zh":"多维时间序列存于可扩展的集群，并提供高效查询接口。","kind":"attested"}],
"5":[
{"id":"t02-storage-shared-timeseries","en":"A high-performance scalable time-series cluster serves several businesses.","zh":"高性能、可扩展的时间序列集群同时服务多个业务。","kind":"attested"}]}},
{
"id":"t02-adaptation",
"name":{
"en":"Adaptability",
"zh":"适配能力"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t02-adaptation-passthrough","en":"One specific scenario, data passed straight through.","zh":"只适配一种特定场景，数据原样透传。","kind":"attested"}],
"2":[
{"id":"t02-adaptation-domain","en":"One domain, with metric queries and anomaly detection for it.","zh":"适配单一领域，支持该领域的指标查询与异常检测。","kind":"attested"}],
"3":[
{"id":"t02-adaptation-complex","en":"A complex domain, several metrics derived, queries and anomaly detection.","zh":"适配复杂领域，可派生多项指标，支持查询与异常检测。","kind":"attested"}],
"4":[
{"id":"t02-adaptation-fine","en":"Fine-grained monitoring of a complex domain with multi-dimensional metrics, queries and analysis.","zh":"对复杂领域做精细监控，支持多维指标的查询与分析。","kind":"attested"}],
"5":[
{"id":"t02-adaptation-multi-business","en":"As level 4, across several businesses' data, with analysis, correlation and integration.","zh":"在四级之上覆盖多个业务的数据，可做分析、关联与整合。","kind":"attested"}]}}]},
{
"table":"3",
"id":"anomaly-detection",
"section":"1.3",
"name":{
"en":"Anomaly detection",
"zh":"异常识别"},
"attested_by":[
"monitoring owner"],
"attested_by_zh":[
"监控负责人"],
"evidence":"alert rule set and alert statistics",
"evidence_zh":"告警规则集与告警统计",
"dimensions":[
{
"id":"t03-method",
"name":{
"en":"Detection method",
"zh":"识别方法"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t03-method-self-report","en":"Monitored objects send their own exception events.","zh":"由被监控对象自行上报异常事件。","kind":"attested"}],
"2":[
{"id":"t03-method-threshold","en":"A metric crossing a threshold marks an anomaly.","zh":"以指标越过阈值判定异常。","kind":"attested"}],
"3":[
{"id":"t03-method-multi-metric","en":"Several metrics are gathered and judged together.","zh":"综合多项指标共同判定。","kind":"attested"}],
"4":[
{"id":"t03-method-graded","en":"Metrics are ranked, important ones get dedicated detection, alerts carry a grade.","zh":"指标分出轻重，重要指标有专门的检测手段，告警带有级别。","kind":"attested"}],
"5":[
{"id":"t03-method-intelligent","en":"Anomalies are found by learning or other intelligent methods.","zh":"以机器学习等智能方法发现异常。","kind":"attested"}]}},
{
"id":"t03-convergence",
"name":{
"en":"Alert convergence",
"zh":"收敛策略"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t03-convergence-raw","en":"Raw events are forwarded without any merging.","zh":"原始事件不经合并直接转发。","kind":"descriptor"}],
"2":[
{"id":"t03-convergence-merge","en":"Alerts are merged by time, object or recipient to reduce their number.","zh":"按时间、对象或接收人合并，减少告警数量。","kind":"attested"}],
"3":[
{"id":"t03-convergence-duration","en":"Beyond level 2, merging also considers duration and frequency.","zh":"在二级之上，合并时还考虑持续时长与发生频次。","kind":"attested"}],
"4":[
{"id":"t03-convergence-by-grade","en":"Each alert grade has its own convergence policy so that important alerts stand out.","zh":"每一级别的告警各有收敛策略，使重要告警突出。","kind":"attested"}],
"5":[
{"id":"t03-convergence-root-cause","en":"Alerts are correlated by intelligent analysis and collapsed onto their root cause.","zh":"用智能分析关联告警，并收敛到根因。","kind":"attested"}]}},
{
"id":"t03-effectiveness",
"name":{
"en":"Alert effectiveness",
"zh":"有效性"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t03-effectiveness-flood","en":"Trouble is noticed, but alerts keep pouring in.","zh":"能发现问题，但告警不断涌入。","kind":"descriptor"}],
"2":[
{"id":"t03-effectiveness-threshold-errors","en":"Threshold breaches are caught, with false and missed alerts against reality.","zh":"能发现越限，但与实际相比仍有误报和漏报。","kind":"attested"}],
"3":[
{"id":"t03-effectiveness-better-precision","en":"Combining metrics raises precision; some alerts are still missed.","zh":"多指标联合提高了准确率，仍有部分漏报。","kind":"attested"}],
"4":[
{"id":"t03-effectiveness-important-precise","en":"Grading raises the precision of important alerts and keeps them from drowning.","zh":"分级提高了重要告警的准确率，使其不被淹没。","kind":"attested"}],
"5":[
{"id":"t03-effectiveness-recall","en":"Alert precision is effectively improved, misses drop markedly, important alerts stand out.","zh":"告警准确率切实提高，漏报明显减少，重要告警突出。","kind":"attested"}]}},
{
"id":"t03-delay",
"name":{
"en":"Alert delay",
"zh":"告警时延"},
"mode":"additive",
"floor":"0",
"alike":[
[
"2",
"3"],
[
"4",
"5"]],
"levels":{
"1":[
{"id":"t03-delay-immediate","en":"An exception event is known as soon as the object sends it.","zh":"对象一发出异常事件即可获知。","kind":"attested","note":"stricter in wording (real time) than level 2 (near real time); level 2 supersedes it"}],
"2":[
{"id":"t03-delay-within-3min","en":"Metric anomalies are known near real time, alert delay within 3 minutes.","zh":"指标异常近实时获知，告警时延不超过 3 分钟。","kind":"measured","check":{"metric":"alert_delay","op":"<=","bar":"180s"},"attestable":"true","supersedes":["t03-delay-immediate"]}],
"3":[
{"repeats":"t03-delay-within-3min"}],
"4":[
{"id":"t03-delay-important-3min","en":"Metric anomalies are known near real time, important alerts within 3 minutes.","zh":"指标异常近实时获知，重要告警时延不超过 3 分钟。","kind":"measured","check":{"metric":"alert_delay_important","op":"<=","bar":"180s"},"attestable":"true","note":"weaker than level 3 (only important alerts); since level 3 stays required it adds nothing"}],
"5":[
{"repeats":"t03-delay-important-3min"}]}}]},
{
"table":"4",
"id":"visual-notify",
"section":"1.4",
"name":{
"en":"Monitoring visualisation and notification",
"zh":"监控可视化及通知"},
"attested_by":[
"monitoring owner"],
"attested_by_zh":[
"监控负责人"],
"evidence":"screenshots or exports of dashboards, tickets and alert statistics",
"evidence_zh":"看板、工单与告警统计的截图或导出",
"dimensions":[
{
"id":"t04-display",
"name":{
"en":"Display",
"zh":"可视化呈现"},
"mode":"additive",
"floor":"0",
"levels":{
"1":[
{"id":"t04-display-item-list","en":"Alerts and performance events are shown one by one.","zh":"告警与性能事件逐条展示。","kind":"attested"}],
"2":[
{"id":"t04-display-auto-clear","en":"Events that recover shortly are cleared by themselves but stay on record.","zh":"短时恢复的事件自动消除，但保留记录。","kind":"attested"}],
"3":[
{"id":"t04-display-typed","en":"Events are shown by grade and type as needed.","zh":"可按需要依级别和类型展示事件。","kind":"attested"}],
"4":[
{"id":"t04-display-merged","en":"Repeated events are removed and events of one root cause are merged.","zh":"去除重复事件，同一根因的事件合并展示。","kind":"attested"}],
"5":[
{"id":"t04-display-business-chain","en":"For application systems the business call chain and the anomalies of each link are shown.","zh":"对应用系统展示业务调用链以及各环节的异常。","kind":"attested"}]}},
{
"id":"t04-notify",
"name":{
"en":"Notification",
"zh":"通知方式"},
"mode":"additive",
"floor":"0",
"alike":[
[
"1",
"2"]],
"levels":{
"1":[
{"id":"t04-notify-message","en":"Alerts go out by short message or e-mail.","zh":"告警以短信或邮件发出。","kind":"attested"}],
"2":[
{"inherits":"t04-notify-message"}],
"3":[
{"id":"t04-notify-routed","en":"Messages are routed by configured grade and type.","zh":"按配置的级别与类型分派通知。","kind":"attested"}],
"4":[
{"id":"t04-notify-ticket-call","en":"Important events open a tracked ticket; unaccepted ones trigger an automatic phone call.","zh":"重要事件自动开单跟踪，无人受理时自动拨打电话。","kind":"measured","check":{"metric":"important_incident_call_share","op":"==","bar":"1"},"attestable":"true"}],
"5":[
{"id":"t04-notify-backup-person","en":"Late acceptance automatically notifies the deputy or escalates responsibility.","zh":"受理超时后自动通知备岗或升级责任人。","kind":"measured","check":{"metric":"late_escalation_share","op":"==","bar":"1"},"attestable":"true"}]}},
{
"id":"t04-prehandle",
"name":{
"en":"Pre-handling",
"zh":"预处理手段"},
"mode":"additive",
"floor":"2",
"alike":[
[
"1",
"2"]],
"levels":{
"1":[
{"id":"t04-prehandle-none","en":"No hints or means of pre-handling.","zh":"没有预处理的提示或手段。","kind":"descriptor"}],
"2":[
{"inherits":"t04-prehandle-none"}],
"3":[
{"id":"t04-prehandle-context","en":"Handling experience is recorded, and scripts collect the surrounding state for an alert.","zh":"记录处置经验，并用脚本收集告警现场信息。","kind":"attested"}],
"4":[
{"id":"t04-prehandle-tool-report","en":"Scripts or tools handle alerts and mail the outcome to the operations owner.","zh":"由脚本或工具处置告警，结果以邮件告知运维负责人。","kind":"attested"}],
"5":[
{"id":"t04-prehandle-tool-clear","en":"Scripts or tools handle alerts, which then clear themselves.","zh":"由脚本或工具处置告警，处置后告警自行消除。","kind":"attested"}]}},
{
"id":"t04-stats",
"name":{
"en":"Alert statistics",
"zh":"告警统计"},
"mode":"additive",
"floor":"0",
"alike":[
[
"2",
"3"]],
"levels":{
"1":[
{"id":"t04-stats-manual","en":"Alert statistics are compiled by hand.","zh":"告警统计靠人工汇总。","kind":"attested"}],
"2":[
{"id":"t04-stats-by-dimension","en":"Alerts can be counted and exported by item, grade, period and frequency.","zh":"可按指标、级别、时段和频次统计并导出告警。","kind":"attested"}],
"3":[
{"inherits":"t04-stats-by-dimension"}],
"4":[
{"id":"t04-stats-by-topology","en":"Alerts can be counted along hosting relations (host, network, component, application) and alert correlation.","zh":"可沿承载关系（主机、网络、组件、应用）和告警关联做统计。","kind":"attested"}],
"5":[
{"id":"t04-stats-auto-report","en":"Those reports are produced and sent to stakeholders automatically on a set schedule.","zh":"上述报表按设定周期自动生成并发送相关方。","kind":"attested"}]}}]},
{
"table":"5",
"id":"incident-discovery",
"section":"2.1",
"name":{
"en":"Incident discovery",
"zh":"事件发现"},
"attested_by":[
"incident manager"],
"attested_by_zh":[
"事件经理"],
"evidence":"incident records export",
"evidence_zh":"事件记录导出",
"dimensions":[
{
"id":"t05-grading",
"name":{
"en":"Classification and grading",
"zh":"事件分类分级"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t05-grading-passive","en":"IT faults are taken and handled passively.","zh":"对 IT 故障被动接收、被动处理。","kind":"descriptor"}],
"2":[
{"id":"t05-grading-service-desk","en":"A service desk takes all incidents, sorts them, ranks by impact and urgency, in a closed loop (still reactive).","zh":"由服务台统一受理，按影响与紧急程度分类定级并闭环（仍属被动）。","kind":"attested","corroborated_by":{"metric":"graded_incident_share","op":"==","bar":"1"}}],
"3":[
{"id":"t05-grading-before-users","en":"Incidents are found before users find them, split into request, production, security and monitoring classes, each with its service level.","zh":"先于用户发现事件，分为请求、生产、安全、监控等类，各有服务级别。","kind":"measured","check":{"metric":"monitor_first_share","op":">=","bar":"$before_users_share"},"attestable":"true"}],
"4":[
{"id":"t05-grading-trends","en":"Trends and causes per class are analysed and the number of incidents, major ones above all, is held down.","zh":"分类分析趋势与成因，控制事件尤其是重大事件的数量。","kind":"measured","check":{"metric":"major_incident_growth","op":"<=","bar":"0"},"attestable":"true"}],
"5":[
{"id":"t05-grading-auto-grading","en":"User perception is gathered live, classification and grading are matched automatically and re-graded as handling proceeds.","zh":"实时掌握用户感受，自动完成分类定级，并随处置进展调整级别。","kind":"attested"}]}},
{
"id":"t05-tools",
"name":{
"en":"Tools",
"zh":"工具"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t05-tools-user-reports","en":"Only user reports; nothing finds incidents actively.","zh":"只靠用户报障，没有主动发现手段。","kind":"descriptor"}],
"2":[
{"id":"t05-tools-records","en":"A basic record tool, a fault line or mailbox, and scattered monitoring scripts.","zh":"有基本的记录工具、报障电话或邮箱，以及零散的监控脚本。","kind":"attested"}],
"3":[
{"id":"t05-tools-portal","en":"A self-service portal and one monitoring system; alerts open incidents by themselves and clear on resolution.","zh":"有自助门户和一套监控系统，告警自动开单，解决后自动消除。","kind":"measured","check":{"metric":"auto_opened_share","op":">","bar":"0"},"attestable":"true"}],
"4":[
{"id":"t05-tools-history","en":"Past incidents and alerts are analysed to support trends and to warn of major incidents early.","zh":"分析历史事件与告警，支撑趋势判断并对重大事件提前预警。","kind":"attested"}],
"5":[
{"id":"t05-tools-self-heal","en":"Root cause and business impact are located automatically from operations data, and known scenarios heal themselves.","zh":"依据运维数据自动定位根因与业务影响，已知场景可自愈。","kind":"measured","check":{"metric":"self_healed_incidents","op":">=","bar":"1"},"attestable":"true"}]}},
{
"id":"t05-perception",
"name":{
"en":"User perception",
"zh":"用户感知"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t05-perception-unstable","en":"Users find IT unstable; faults often block the business.","zh":"用户认为 IT 不稳定，故障时常阻断业务。","kind":"descriptor"}],
"2":[
{"id":"t05-perception-occasional-major","en":"Users still find IT unstable, but major incidents have become occasional.","zh":"用户仍觉得不稳定，但重大事件已属偶发。","kind":"attested"}],
"3":[
{"id":"t05-perception-in-agreed-time","en":"IT is fairly stable; incidents are mostly restored in the agreed time.","zh":"IT 较为稳定，事件大多在约定时间内恢复。","kind":"measured","check":{"metric":"within_target_share","op":">=","bar":"$mostly"},"attestable":"true"}],
"4":[
{"id":"t05-perception-elastic","en":"IT is dependable and capacity stretches for large business campaigns.","zh":"IT 可靠，容量能随大型业务活动伸缩。","kind":"attested"}],
"5":[
{"id":"t05-perception-unnoticed","en":"Users notice no incidents at all, and IT drives business innovation.","zh":"用户感受不到事件，IT 推动业务创新。","kind":"attested"}]}}]},
{
"table":"6",
"id":"incident-handling",
"section":"2.2",
"name":{
"en":"Incident handling",
"zh":"事件处理"},
"attested_by":[
"incident manager"],
"attested_by_zh":[
"事件经理"],
"evidence":"incident process document and KPI report",
"evidence_zh":"事件流程文件与指标报告",
"dimensions":[
{
"id":"t06-mechanism",
"name":{
"en":"Handling mechanism",
"zh":"事件处理机制"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t06-mechanism-no-limits","en":"No time limits and no handling of major incidents.","zh":"没有时限要求，也没有重大事件的处理机制。","kind":"descriptor"}],
"2":[
{"id":"t06-mechanism-sla-mostly","en":"Uniform service levels per grade are set and mostly met; a major-incident sub-process exists.","zh":"按级别统一约定服务级别且大多达成，并有重大事件子流程。","kind":"measured","check":{"metric":"within_target_share","op":">=","bar":"$mostly"},"attestable":"true"}],
"3":[
{"id":"t06-mechanism-sla-assured","en":"Timeliness per grade is effectively assured; the major-incident process runs smoothly and agrees with the IT continuity rules.","zh":"各级别的时效得到有效保障，重大事件流程运转顺畅，并与 IT 连续性规则衔接。","kind":"measured","check":{"metric":"within_target_by_severity","op":">=","bar":"$assured"},"attestable":"true","supersedes":["t06-mechanism-sla-mostly"]}],
"4":[
{"id":"t06-mechanism-simple-automated","en":"Timeliness is under control per grade; simple production incidents are handled by automation (restart, switch).","zh":"各级别时效可控，简单的生产事件以自动化手段处置（重启、切换）。","kind":"measured","check":[{"metric":"auto_restored_incidents","op":">=","bar":"1"},{"metric":"within_target_by_quarter","op":">=","bar":"$assured"}],"attestable":"true"}],
"5":[
{"id":"t06-mechanism-unattended","en":"Nearly all production incidents repair themselves without people and the business notices nothing.","zh":"几乎所有生产事件无需人工即可自行修复，业务无感。","kind":"measured","check":[{"metric":"auto_restored_share","op":">=","bar":"$nearly_all"},{"metric":"auto_restored_impact","op":"==","bar":"0m"}],"attestable":"true"}]}},
{
"id":"t06-roles-kpi",
"name":{
"en":"Roles and assessment",
"zh":"事件处理角色与考核"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t06-roles-kpi-undivided","en":"No distinct handling roles; posts follow technical specialisms; hardly any KPI.","zh":"没有专门的处置角色，按技术专业设岗，几乎没有考核指标。","kind":"descriptor"}],
"2":[
{"id":"t06-roles-kpi-three-lines","en":"A service desk and first, second and third line teams; KPIs for running the process (count, resolution rate, timely resolution).","zh":"设服务台与一、二、三线团队，考核流程运行（数量、解决率、及时解决率）。","kind":"attested"}],
"3":[
{"id":"t06-roles-kpi-stability-kpi","en":"Each team has KPIs aimed at stability (fewer incidents, first-line resolution).","zh":"各团队的考核指向稳定性（事件减少、一线解决率）。","kind":"attested"}],
"4":[
{"id":"t06-roles-kpi-automation-kpi","en":"KPIs aim at the share of incidents restored automatically.","zh":"考核指向自动恢复事件的占比。","kind":"measured","check":{"metric":"incident_months_share","op":"==","bar":"1"},"attestable":"true"}],
"5":[
{"id":"t06-roles-kpi-experience-kpi","en":"KPIs aim at better user experience.","zh":"考核指向用户体验的改善。","kind":"attested"}]}}]},
{
"table":"7",
"id":"incident-review",
"section":"2.3",
"name":{
"en":"Incident review",
"zh":"事件回顾"},
"attested_by":[
"incident manager"],
"attested_by_zh":[
"事件经理"],
"evidence":"periodic incident review report",
"evidence_zh":"定期的事件回顾报告",
"dimensions":[
{
"id":"t07-trend",
"name":{
"en":"Incident volume trend",
"zh":"事件数量趋势"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t07-trend-explosive","en":"Incidents occur at random and soar as the estate grows.","zh":"事件随机发生，并随规模增长而激增。","kind":"descriptor"}],
"2":[
{"id":"t07-trend-growing","en":"Still random and growing with scale and complexity, but repeats begin to be managed.","zh":"仍属随机，随规模与复杂度增长，但已开始管理重复事件。","kind":"attested","corroborated_by":{"metric":"recurrence_problem_share","op":">","bar":"0"}}],
"3":[
{"id":"t07-trend-controlled","en":"The number is under control, does not grow with the estate, and repeats are held down.","zh":"数量受控，不随规模增长，重复事件得到压降。","kind":"measured","check":[{"metric":"incident_trend","op":"<=","bar":"0"},{"metric":"recurrence_growth","op":"<=","bar":"0"}],"attestable":"true"}],
"4":[
{"id":"t07-trend-falling","en":"The number is steady to falling and major incidents are actively prevented.","zh":"数量平稳或下降，并主动预防重大事件。","kind":"measured","check":[{"metric":"incident_growth","op":"<=","bar":"0"},{"metric":"major_incident_growth","op":"<=","bar":"0"}],"attestable":"true"}],
"5":[
{"id":"t07-trend-none-business","en":"Elastic, sturdy infrastructure rules out production incidents that touch the business.","zh":"弹性而稳固的基础设施使影响业务的生产事件不再发生。","kind":"measured","check":{"metric":"user_impact_incidents","op":"==","bar":"0"},"attestable":"true"}]}},
{
"id":"t07-availability",
"name":{
"en":"Effect on availability",
"zh":"系统可用性影响"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t07-availability-unpredictable","en":"Effect on availability cannot be foretold.","zh":"对可用性的影响无法预料。","kind":"descriptor"}],
"2":[
{"id":"t07-availability-slo-breached","en":"Availability service levels exist but are sometimes breached.","zh":"已约定可用性服务级别，但时有违反。","kind":"measured","check":{"metric":"availability_target_share","scope":"critical","op":"==","bar":"1"},"attestable":"true"}],
"3":[
{"id":"t07-availability-slo-met","en":"Availability service levels exist and are kept.","zh":"已约定可用性服务级别，并予以达成。","kind":"measured","check":{"metric":"availability_over_target","scope":"critical","op":">=","bar":"0"},"attestable":"true","supersedes":["t07-availability-slo-breached"]}],
"4":[
{"id":"t07-availability-ha-tech","en":"Cloud, container and similar high-availability techniques keep availability unaffected.","zh":"以云、容器等高可用技术使可用性不受影响。","kind":"attested"}],
"5":[
{"id":"t07-availability-elastic-dr","en":"Elastic resources and disaster-recovery sites carry business growth and bursts seamlessly.","zh":"弹性资源与灾备站点平滑承接业务增长与突发流量。","kind":"attested"}]}},
{
"id":"t07-knowledge",
"name":{
"en":"Knowledge management",
"zh":"知识管理"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t07-knowledge-messy","en":"Scattered notes only.","zh":"只有零散的记录。","kind":"descriptor"}],
"2":[
{"id":"t07-knowledge-problems","en":"Major, typical or repeated faults become problems and yield knowledge, stored in different places.","zh":"重大、典型或重复的故障转为问题并形成知识，但分散存放。","kind":"attested"}],
"3":[
{"id":"t07-knowledge-tool","en":"A dedicated tool for entering and sharing knowledge works well across IT.","zh":"有专门工具录入与共享知识，在 IT 内部运转良好。","kind":"attested"}],
"4":[
{"id":"t07-knowledge-with-business","en":"Business and IT departments share and use knowledge together.","zh":"业务部门与 IT 部门共同分享和使用知识。","kind":"attested"}],
"5":[
{"id":"t07-knowledge-executable","en":"Knowledge entries feed automation, so faults are solved and services restored automatically.","zh":"知识条目可驱动自动化，据此解决故障并自动恢复服务。","kind":"measured","check":{"metric":"runbook_restored_incidents","op":">=","bar":"1"},"attestable":"true"}]}}]},
{
"table":"8",
"id":"planned-change",
"section":"3.1",
"name":{
"en":"Planned routine change",
"zh":"计划内普通变更"},
"attested_by":[
"change manager"],
"attested_by_zh":[
"变更经理"],
"evidence":"change records export, process document",
"evidence_zh":"变更记录导出、流程文件",
"dimensions":[
{
"id":"t08-process",
"name":{
"en":"Change process",
"zh":"变更管理流程"},
"mode":"additive",
"floor":"0",
"levels":{
"1":[
{"id":"t08-process-scattered","en":"Scattered change practices, not enforced.","zh":"变更做法零散，未强制执行。","kind":"attested"}],
"2":[
{"id":"t08-process-formal","en":"A formal end-to-end change process is enforced.","zh":"强制执行端到端的正式变更流程。","kind":"attested","supersedes":["t08-process-scattered"]},
{"id":"t08-process-window","en":"Changes use defined change windows.","zh":"变更在规定的变更窗口内实施。","kind":"measured","check":{"metric":"change_in_window_share","kind":"planned","op":">=","bar":"$mostly"},"attestable":"true"},
{"id":"t08-process-meetings","en":"Change meetings are held regularly to approve changes.","zh":"定期召开变更会议进行审批。","kind":"attested"}],
"3":[
{"inherits":"t08-process-formal"},
{"inherits":"t08-process-window"},
{"inherits":"t08-process-meetings"},
{"id":"t08-process-integrated","en":"The process is joined to release, deployment and configuration processes.","zh":"变更流程与发布、部署、配置流程贯通。","kind":"attested"},
{"id":"t08-process-review","en":"Change meetings look back on earlier changes.","zh":"变更会议对以往变更做回顾。","kind":"attested"}],
"4":[
{"inherits":"t08-process-formal"},
{"inherits":"t08-process-window"},
{"inherits":"t08-process-meetings"},
{"inherits":"t08-process-integrated"},
{"inherits":"t08-process-review"},
{"id":"t08-process-devops-wide","en":"The process fully supports the other DevOps processes.","zh":"变更流程全面支撑其他 DevOps 流程。","kind":"attested"},
{"id":"t08-process-automated","en":"The process can be carried out automatically throughout.","zh":"变更流程全程可自动执行。","kind":"measured","check":{"metric":"change_automated_share","kind":"planned","op":">=","bar":"$nearly_all"},"attestable":"true"}],
"5":[
{"id":"t08-process-intelligent","en":"The process can be carried out intelligently throughout.","zh":"变更流程全程可智能执行。","kind":"attested"}]}},
{
"id":"t08-people",
"name":{
"en":"Change people",
"zh":"变更管理人员"},
"mode":"additive",
"floor":"0",
"note":"attendance modes contradict each other under plain accumulation (ops attends / ops need not intervene / on site / remote / unattended); modelled as one family where each later mode supersedes the earlier",
"levels":{
"1":[
{"id":"t08-people-post","en":"A change-management post exists.","zh":"设有变更管理岗位。","kind":"attested"},
{"id":"t08-people-ops-attends","en":"Besides the project team, operations attends and takes part throughout each change.","zh":"除项目团队外，运维人员到场并全程参与每次变更。","kind":"attested"}],
"2":[
{"inherits":"t08-people-post"},
{"inherits":"t08-people-ops-attends"},
{"id":"t08-people-cab","en":"A change advisory body exists.","zh":"设有变更评审委员会。","kind":"attested"}],
"3":[
{"inherits":"t08-people-post"},
{"inherits":"t08-people-cab"},
{"id":"t08-people-dev-executes","en":"Project or development teams carry out changes without operations stepping in.","zh":"由项目或开发团队自行实施变更，运维无需介入操作。","kind":"attested","supersedes":["t08-people-ops-attends"]},
{"id":"t08-people-on-site","en":"Operations still has to stand by on site.","zh":"运维仍需现场值守。","kind":"attested"}],
"4":[
{"inherits":"t08-people-post"},
{"inherits":"t08-people-cab"},
{"inherits":"t08-people-dev-executes"},
{"id":"t08-people-remote","en":"Operations only stands by remotely.","zh":"运维只需远程值守。","kind":"attested","supersedes":["t08-people-on-site"]}],
"5":[
{"id":"t08-people-unattended","en":"Changes run unattended.","zh":"变更全程无人值守。","kind":"measured","check":{"metric":"change_unattended_share","kind":"planned","op":">=","bar":"$nearly_all"},"attestable":"true","supersedes":["t08-people-remote","t08-people-on-site","t08-people-dev-executes","t08-people-ops-attends"]}]}},
{
"id":"t08-tools",
"name":{
"en":"Change tools",
"zh":"变更管理工具"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t08-tools-manual","en":"Changes are made by hand.","zh":"变更靠手工完成。","kind":"descriptor"}],
"2":[
{"id":"t08-tools-workflow","en":"A workflow-based approval system manages changes.","zh":"以带工作流的审批系统管理变更。","kind":"attested"},
{"id":"t08-tools-assisted","en":"Work is manual with tool or script support.","zh":"人工操作，辅以工具或脚本。","kind":"attested"}],
"3":[
{"id":"t08-tools-integrated","en":"The system is joined to release, deployment and configuration management.","zh":"变更系统与发布、部署、配置管理贯通。","kind":"attested"},
{"id":"t08-tools-canary","en":"The system runs automatic changes in several gradual-rollout modes.","zh":"系统支持多种灰度方式的自动变更。","kind":"measured","check":{"metric":"rollout_modes","kind":"planned","op":">=","bar":"2"},"attestable":"true","supersedes":["t08-tools-assisted"]}],
"4":[
{"id":"t08-tools-one-click","en":"A fully automated change system runs a change at one touch.","zh":"全自动变更系统可一键执行变更。","kind":"attested"},
{"id":"t08-tools-auto-rollback","en":"Failed changes heal or roll back automatically without the business noticing.","zh":"变更失败后自动修复或回退，业务无感。","kind":"measured","check":{"metric":"auto_rollback_share","kind":"planned","op":"==","bar":"1"},"attestable":"true"}],
"5":[
{"inherits":"t08-tools-one-click"},
{"inherits":"t08-tools-auto-rollback"},
{"id":"t08-tools-ai","en":"A change platform with large-scale data collection, analysis and automatic decision.","zh":"变更平台具备大规模数据采集、分析与自动决策能力。","kind":"attested"}]}},
{
"id":"t08-reporting",
"name":{
"en":"Change reports and notices",
"zh":"变更管理报告与通知"},
"mode":"additive",
"floor":"0",
"note":"labels are wrong in the source - level 2 has a, b, a; level 3 starts at b",
"levels":{
"1":[
{"id":"t08-reporting-tech-only","en":"Changes are announced only inside the technical team.","zh":"变更只在技术团队内部通告。","kind":"attested"}],
"2":[
{"inherits":"t08-reporting-tech-only"},
{"id":"t08-reporting-escalate","en":"Exceptions reach the technical team's management.","zh":"异常情况上报至技术团队管理层。","kind":"attested"},
{"id":"t08-reporting-report","en":"A change report is issued regularly.","zh":"定期发布变更报告。","kind":"attested","note":"labelled a) in the source, position c)"}],
"3":[
{"inherits":"t08-reporting-tech-only"},
{"inherits":"t08-reporting-escalate"},
{"inherits":"t08-reporting-report"},
{"id":"t08-reporting-business","en":"Changes are announced to the technical organisation and the business units affected inside the company.","zh":"变更通告公司内的技术部门和受影响的业务部门。","kind":"attested","note":"labelled c) in the source"}],
"4":[
{"id":"t08-reporting-all-parties","en":"Changes are announced automatically to technical staff and all affected parties inside and outside.","zh":"变更自动通告技术人员以及公司内外所有受影响方。","kind":"attested","supersedes":["t08-reporting-tech-only","t08-reporting-business"]},
{"id":"t08-reporting-per-org","en":"Different organisations get different change reports.","zh":"不同组织可获得不同的变更报告。","kind":"attested"}],
"5":[
{"inherits":"t08-reporting-all-parties"},
{"inherits":"t08-reporting-per-org"},
{"id":"t08-reporting-tailored","en":"Reports can be tailored and pushed automatically to suit each reader.","zh":"报告可按读者定制并自动推送。","kind":"attested"}]}},
{
"id":"t08-metrics",
"name":{
"en":"Change indicators",
"zh":"紧急变更指标"},
"mode":"additive",
"floor":"0",
"note":"header says emergency-change indicators in the planned-change table",
"levels":{
"1":[
{"id":"t08-metrics-first-fail-5","en":"At most 5 % of changes fail at the first attempt.","zh":"计划内变更首次失败率不超过 5%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"planned","op":"<=","bar":"0.05"}},
{"id":"t08-metrics-rollback-fail-3","en":"At most 3 % of rollbacks fail (the source prints \"at least 3 %\").","zh":"回退失败率不超过 3%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"planned","op":"<=","bar":"0.03"},"note":"source has >= 3 %; table 9 level 1 has <= 3 % - taken as a typo for <="}],
"2":[
{"id":"t08-metrics-first-fail-lt3","en":"Fewer than 3 % of changes fail at the first attempt.","zh":"计划内变更首次失败率低于 3%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"planned","op":"<","bar":"0.03"},"supersedes":["t08-metrics-first-fail-5"]},
{"id":"t08-metrics-rollback-fail-lt1","en":"Fewer than 1 % of rollbacks fail.","zh":"回退失败率低于 1%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"planned","op":"<","bar":"0.01"},"supersedes":["t08-metrics-rollback-fail-3"]}],
"3":[
{"id":"t08-metrics-first-fail-lt1","en":"Fewer than 1 % of changes fail at the first attempt.","zh":"计划内变更首次失败率低于 1%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"planned","op":"<","bar":"0.01"},"supersedes":["t08-metrics-first-fail-lt3","t08-metrics-first-fail-5"]},
{"id":"t08-metrics-rollback-fail-lt05","en":"Fewer than 0.5 % of rollbacks fail.","zh":"回退失败率低于 0.5%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"planned","op":"<","bar":"0.005"},"supersedes":["t08-metrics-rollback-fail-lt1","t08-metrics-rollback-fail-3"]}],
"4":[
{"id":"t08-metrics-first-fail-lt05","en":"Fewer than 0.5 % of changes fail at the first attempt.","zh":"计划内变更首次失败率低于 0.5%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"planned","op":"<","bar":"0.005"},"supersedes":["t08-metrics-first-fail-lt1","t08-metrics-first-fail-lt3","t08-metrics-first-fail-5"]},
{"id":"t08-metrics-rollback-fail-lt01","en":"Fewer than 0.1 % of rollbacks fail.","zh":"回退失败率低于 0.1%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"planned","op":"<","bar":"0.001"},"supersedes":["t08-metrics-rollback-fail-lt05","t08-metrics-rollback-fail-lt1","t08-metrics-rollback-fail-3"]}],
"5":[
{"id":"t08-metrics-first-fail-lt01","en":"Fewer than 0.1 % of changes fail at the first attempt.","zh":"计划内变更首次失败率低于 0.1%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"planned","op":"<","bar":"0.001"},"supersedes":["t08-metrics-first-fail-lt05","t08-metrics-first-fail-lt1","t08-metrics-first-fail-lt3","t08-metrics-first-fail-5"]},
{"id":"t08-metrics-rollback-fail-lt005","en":"Fewer than 0.05 % of rollbacks fail.","zh":"回退失败率低于 0.05%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"planned","op":"<","bar":"0.0005"},"supersedes":["t08-metrics-rollback-fail-lt01","t08-metrics-rollback-fail-lt05","t08-metrics-rollback-fail-lt1","t08-metrics-rollback-fail-3"]}]}}]},
{
"table":"9",
"id":"emergency-change",
"section":"3.2",
"name":{
"en":"Unplanned emergency change",
"zh":"计划外紧急变更"},
"attested_by":[
"change manager"],
"attested_by_zh":[
"变更经理"],
"evidence":"emergency change records export, process document",
"evidence_zh":"紧急变更记录导出、流程文件",
"dimensions":[
{
"id":"t09-process",
"name":{
"en":"Emergency change process",
"zh":"变更管理流程"},
"mode":"additive",
"floor":"0",
"levels":{
"1":[
{"id":"t09-process-scattered","en":"Scattered emergency-change practices, not enforced.","zh":"紧急变更做法零散，未强制执行。","kind":"attested"}],
"2":[
{"id":"t09-process-formal","en":"A formal end-to-end emergency-change process is enforced.","zh":"强制执行端到端的正式紧急变更流程。","kind":"attested","supersedes":["t09-process-scattered"]},
{"id":"t09-process-prompt-meeting","en":"Emergency-change meetings can be called in time to approve.","zh":"能及时召集紧急变更会议进行审批。","kind":"measured","check":{"metric":"change_approved_before_share","kind":"emergency","op":"==","bar":"1"},"attestable":"true"}],
"3":[
{"inherits":"t09-process-formal"},
{"inherits":"t09-process-prompt-meeting"},
{"id":"t09-process-integrated","en":"The process is joined to release, deployment and configuration processes.","zh":"紧急变更流程与发布、部署、配置流程贯通。","kind":"attested"},
{"id":"t09-process-review","en":"Routine change meetings look back on earlier emergency changes.","zh":"例行变更会议对以往紧急变更做回顾。","kind":"attested"}],
"4":[
{"inherits":"t09-process-formal"},
{"inherits":"t09-process-prompt-meeting"},
{"inherits":"t09-process-integrated"},
{"inherits":"t09-process-review"},
{"id":"t09-process-devops-wide","en":"The process fully supports the other DevOps processes.","zh":"紧急变更流程全面支撑其他 DevOps 流程。","kind":"attested"},
{"id":"t09-process-automated","en":"The process can be carried out automatically throughout.","zh":"紧急变更流程全程可自动执行。","kind":"measured","check":{"metric":"change_automated_share","kind":"emergency","op":">=","bar":"$nearly_all"},"attestable":"true"}],
"5":[
{"id":"t09-process-intelligent","en":"The process can be carried out intelligently throughout.","zh":"紧急变更流程全程可智能执行。","kind":"attested"}]}},
{
"id":"t09-people",
"name":{
"en":"Emergency change people",
"zh":"变更管理人员"},
"mode":"additive",
"floor":"0",
"note":"same attendance-mode family as table 8",
"levels":{
"1":[
{"id":"t09-people-post","en":"An emergency-change post exists.","zh":"设有紧急变更管理岗位。","kind":"attested"},
{"id":"t09-people-ops-attends","en":"Besides the project team, operations attends and takes part throughout each emergency change.","zh":"除项目团队外，运维人员到场并全程参与每次紧急变更。","kind":"attested"}],
"2":[
{"inherits":"t09-people-post"},
{"inherits":"t09-people-ops-attends"},
{"id":"t09-people-cab","en":"An emergency change advisory body exists.","zh":"设有紧急变更评审委员会。","kind":"attested"}],
"3":[
{"inherits":"t09-people-post"},
{"inherits":"t09-people-cab"},
{"id":"t09-people-dev-executes","en":"Project or development teams carry out emergency changes without operations stepping in.","zh":"由项目或开发团队自行实施紧急变更，运维无需介入操作。","kind":"attested","supersedes":["t09-people-ops-attends"]},
{"id":"t09-people-on-site","en":"Operations still has to stand by on site.","zh":"运维仍需现场值守。","kind":"attested"}],
"4":[
{"inherits":"t09-people-post"},
{"inherits":"t09-people-cab"},
{"inherits":"t09-people-dev-executes"},
{"id":"t09-people-remote","en":"Operations only stands by remotely.","zh":"运维只需远程值守。","kind":"attested","supersedes":["t09-people-on-site"]}],
"5":[
{"id":"t09-people-unattended","en":"Emergency changes run unattended.","zh":"紧急变更全程无人值守。","kind":"measured","check":{"metric":"change_unattended_share","kind":"emergency","op":">=","bar":"$nearly_all"},"attestable":"true","supersedes":["t09-people-remote","t09-people-on-site","t09-people-dev-executes","t09-people-ops-attends"]}]}},
{
"id":"t09-tools",
"name":{
"en":"Emergency change tools",
"zh":"变更管理工具"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t09-tools-manual","en":"Emergency changes are made by hand.","zh":"紧急变更靠手工完成。","kind":"descriptor"}],
"2":[
{"id":"t09-tools-workflow","en":"The workflow-based approval system supports the emergency process.","zh":"带工作流的审批系统支持紧急流程。","kind":"attested"},
{"id":"t09-tools-assisted","en":"Work is manual with tool or script support.","zh":"人工操作，辅以工具或脚本。","kind":"attested"}],
"3":[
{"id":"t09-tools-integrated","en":"The system is joined to release, deployment and configuration management.","zh":"系统与发布、部署、配置管理贯通。","kind":"attested"},
{"id":"t09-tools-canary","en":"The system runs automatic changes in several gradual-rollout modes.","zh":"系统支持多种灰度方式的自动变更。","kind":"measured","check":{"metric":"rollout_modes","kind":"emergency","op":">=","bar":"2"},"attestable":"true","supersedes":["t09-tools-assisted"]}],
"4":[
{"id":"t09-tools-one-click","en":"A fully automated change system runs a change at one touch.","zh":"全自动变更系统可一键执行变更。","kind":"attested"},
{"id":"t09-tools-auto-rollback","en":"Failed emergency changes heal or roll back automatically without the business noticing.","zh":"紧急变更失败后自动修复或回退，业务无感。","kind":"measured","check":{"metric":"auto_rollback_share","kind":"emergency","op":"==","bar":"1"},"attestable":"true"}],
"5":[
{"inherits":"t09-tools-one-click"},
{"inherits":"t09-tools-auto-rollback"},
{"id":"t09-tools-ai","en":"A change platform with large-scale data collection, analysis and automatic decision.","zh":"变更平台具备大规模数据采集、分析与自动决策能力。","kind":"attested"}]}},
{
"id":"t09-reporting",
"name":{
"en":"Emergency change reports and notices",
"zh":"变更管理报告与通知"},
"mode":"additive",
"floor":"0",
"levels":{
"1":[
{"id":"t09-reporting-tech-only","en":"Emergency changes are announced only inside the technical team.","zh":"紧急变更只在技术团队内部通告。","kind":"attested"}],
"2":[
{"inherits":"t09-reporting-tech-only"},
{"id":"t09-reporting-escalate","en":"Exceptions reach the technical team's management.","zh":"异常情况上报至技术团队管理层。","kind":"attested"},
{"id":"t09-reporting-report","en":"An emergency-change report is issued regularly.","zh":"定期发布紧急变更报告。","kind":"attested"}],
"3":[
{"inherits":"t09-reporting-tech-only"},
{"inherits":"t09-reporting-escalate"},
{"inherits":"t09-reporting-report"},
{"id":"t09-reporting-business","en":"They are announced to the technical organisation and the business units affected inside the company.","zh":"紧急变更通告公司内的技术部门和受影响的业务部门。","kind":"attested"}],
"4":[
{"id":"t09-reporting-all-parties","en":"They are announced automatically to technical staff and all affected parties inside and outside.","zh":"紧急变更自动通告技术人员以及公司内外所有受影响方。","kind":"attested","supersedes":["t09-reporting-tech-only","t09-reporting-business"]},
{"id":"t09-reporting-per-org","en":"Different organisations can get different change reports.","zh":"不同组织可获得不同的变更报告。","kind":"attested"}],
"5":[
{"inherits":"t09-reporting-all-parties"},
{"inherits":"t09-reporting-per-org"},
{"id":"t09-reporting-tailored","en":"Reports can be tailored and pushed automatically to suit each reader.","zh":"报告可按读者定制并自动推送。","kind":"attested"}]}},
{
"id":"t09-metrics",
"name":{
"en":"Emergency change indicators",
"zh":"紧急变更指标"},
"mode":"additive",
"floor":"0",
"levels":{
"1":[
{"id":"t09-metrics-first-fail-5","en":"At most 5 % of emergency changes fail at the first attempt.","zh":"紧急变更首次失败率不超过 5%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"emergency","op":"<=","bar":"0.05"}},
{"id":"t09-metrics-rollback-fail-3","en":"At most 3 % of rollbacks fail.","zh":"回退失败率不超过 3%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"emergency","op":"<=","bar":"0.03"}}],
"2":[
{"id":"t09-metrics-first-fail-lt3","en":"Fewer than 3 % of emergency changes fail at the first attempt.","zh":"紧急变更首次失败率低于 3%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"emergency","op":"<","bar":"0.03"},"supersedes":["t09-metrics-first-fail-5"]},
{"id":"t09-metrics-rollback-fail-lt1","en":"Fewer than 1 % of rollbacks fail.","zh":"回退失败率低于 1%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"emergency","op":"<","bar":"0.01"},"supersedes":["t09-metrics-rollback-fail-3"]}],
"3":[
{"id":"t09-metrics-first-fail-lt1","en":"Fewer than 1 % of emergency changes fail at the first attempt.","zh":"紧急变更首次失败率低于 1%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"emergency","op":"<","bar":"0.01"},"supersedes":["t09-metrics-first-fail-lt3","t09-metrics-first-fail-5"]},
{"id":"t09-metrics-rollback-fail-lt05","en":"Fewer than 0.5 % of rollbacks fail.","zh":"回退失败率低于 0.5%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"emergency","op":"<","bar":"0.005"},"supersedes":["t09-metrics-rollback-fail-lt1","t09-metrics-rollback-fail-3"]}],
"4":[
{"id":"t09-metrics-first-fail-lt05","en":"Fewer than 0.5 % of emergency changes fail at the first attempt.","zh":"紧急变更首次失败率低于 0.5%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"emergency","op":"<","bar":"0.005"},"supersedes":["t09-metrics-first-fail-lt1","t09-metrics-first-fail-lt3","t09-metrics-first-fail-5"]},
{"id":"t09-metrics-rollback-fail-lt01","en":"Fewer than 0.1 % of rollbacks fail.","zh":"回退失败率低于 0.1%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"emergency","op":"<","bar":"0.001"},"supersedes":["t09-metrics-rollback-fail-lt05","t09-metrics-rollback-fail-lt1","t09-metrics-rollback-fail-3"]}],
"5":[
{"id":"t09-metrics-first-fail-lt01","en":"Fewer than 0.1 % of emergency changes fail at the first attempt.","zh":"紧急变更首次失败率低于 0.1%。","kind":"measured","check":{"metric":"change_first_fail_rate","kind":"emergency","op":"<","bar":"0.001"},"supersedes":["t09-metrics-first-fail-lt05","t09-metrics-first-fail-lt1","t09-metrics-first-fail-lt3","t09-metrics-first-fail-5"]},
{"id":"t09-metrics-rollback-fail-lt005","en":"Fewer than 0.05 % of rollbacks fail.","zh":"回退失败率低于 0.05%。","kind":"measured","check":{"metric":"rollback_fail_rate","kind":"emergency","op":"<","bar":"0.0005"},"supersedes":["t09-metrics-rollback-fail-lt01","t09-metrics-rollback-fail-lt05","t09-metrics-rollback-fail-lt1","t09-metrics-rollback-fail-3"]}]}}]},
{
"table":"10",
"id":"capacity",
"section":"4.2.1",
"name":{
"en":"Capacity management",
"zh":"容量管理"},
"attested_by":[
"capacity manager"],
"attested_by_zh":[
"容量经理"],
"evidence":"capacity plan and test report",
"evidence_zh":"容量计划与测试报告",
"dimensions":[
{
"id":"t10-scope",
"name":{
"en":"Scope and policy",
"zh":"管理范围与策略"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t10-scope-none","en":"No notion of capacity management; capacity faults are handled as they come.","zh":"没有容量管理的概念，容量故障出现后再处理。","kind":"descriptor"}],
"2":[
{"id":"t10-scope-basic","en":"Basic capacity tests and live capacity monitoring, without indicators or clear rules.","zh":"有基本的容量测试和实时容量监控，但没有指标和明确规则。","kind":"attested"}],
"3":[
{"id":"t10-scope-rules","en":"Clear rules, covering design, test, daily, yearly and special-date stages nearly completely.","zh":"规则明确，设计、测试、日常、年度及特殊日期各阶段几乎全部覆盖。","kind":"attested"}],
"4":[
{"id":"t10-scope-indicators","en":"Clear rules plus identified indicators used in daily work; trends and forecasts are made.","zh":"规则明确且已确定指标并用于日常工作，能做趋势分析与预测。","kind":"attested"}],
"5":[
{"id":"t10-scope-platform","en":"Complete data and tool platforms carry capacity work and its improvement.","zh":"由完备的数据与工具平台承载容量工作及其改进。","kind":"attested"}]}},
{
"id":"t10-app-arch",
"name":{
"en":"Application architecture",
"zh":"应用架构"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t10-app-arch-ignored","en":"Capacity plays no part in architecture design.","zh":"架构设计不考虑容量。","kind":"descriptor"}],
"2":[
{"id":"t10-app-arch-considered","en":"Capacity is considered, but the application cannot scale.","zh":"设计中考虑了容量，但应用无法伸缩。","kind":"attested"}],
"3":[
{"id":"t10-app-arch-vertical","en":"The application scales, usually upwards, bounded by hardware, and by way of a change.","zh":"应用可扩展，通常为纵向扩展，受硬件限制并需走变更。","kind":"attested"}],
"4":[
{"id":"t10-app-arch-horizontal","en":"The application scales out free of hardware limits, without auto-scaling tied to resource or business indicators.","zh":"应用可不受硬件限制地横向扩展，但未按资源或业务指标自动伸缩。","kind":"attested"}],
"5":[
{"id":"t10-app-arch-elastic","en":"The application scales live with business or resource indicators.","zh":"应用随业务或资源指标实时伸缩。","kind":"attested"}]}},
{
"id":"t10-tools",
"name":{
"en":"Tools",
"zh":"工具"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t10-tools-none","en":"No capacity data is recorded.","zh":"没有记录容量数据。","kind":"descriptor"}],
"2":[
{"id":"t10-tools-separate","en":"Monitoring and test tools record data, each on its own.","zh":"监控与测试工具各自记录数据。","kind":"attested"}],
"3":[
{"id":"t10-tools-per-stage","en":"Every capacity stage has tool support; the data stay separate.","zh":"容量管理各阶段均有工具支撑，但数据相互独立。","kind":"attested"}],
"4":[
{"id":"t10-tools-analysed","en":"Data of each stage are analysed and support trends and forecasts.","zh":"对各阶段数据做分析，支撑趋势判断与预测。","kind":"attested"}],
"5":[
{"id":"t10-tools-ml","en":"A full platform carries capacity work, forecasts with learning algorithms and drives elasticity.","zh":"完整平台承载容量工作，以学习算法预测并驱动弹性伸缩。","kind":"attested"}]}}]},
{
"table":"11",
"id":"performance",
"section":"4.2.2",
"name":{
"en":"Performance management",
"zh":"性能管理"},
"attested_by":[
"performance owner"],
"attested_by_zh":[
"性能负责人"],
"evidence":"performance test reports",
"evidence_zh":"性能测试报告",
"dimensions":[
{
"id":"t11-scope",
"name":{
"en":"Scope and policy",
"zh":"管理范围与策略"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t11-scope-none","en":"No performance work.","zh":"没有开展性能管理。","kind":"descriptor"}],
"2":[
{"id":"t11-scope-partial","en":"Partial effort: basic performance indicators are controlled, first attention to architecture.","zh":"投入有限：控制基本性能指标，开始关注架构。","kind":"attested"}],
"3":[
{"id":"t11-scope-measured","en":"Capacity is managed and performance measured at service, architecture and user-experience level.","zh":"管理容量，并在服务、架构和用户体验层面度量性能。","kind":"attested"}],
"4":[
{"id":"t11-scope-end-to-end","en":"End-to-end performance management with correlation and trends, preventing problems, with complete solutions.","zh":"端到端性能管理，能做关联与趋势分析，预防问题并有完整方案。","kind":"attested"}],
"5":[
{"id":"t11-scope-optimising","en":"Continuous, intelligent improvement with data analysis and model training.","zh":"借助数据分析与模型训练，持续做智能化改进。","kind":"attested"}]}},
{
"id":"t11-people",
"name":{
"en":"People",
"zh":"人员机制"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t11-people-none","en":"Nobody is assigned.","zh":"没有指定人员。","kind":"descriptor"}],
"2":[
{"id":"t11-people-first-aid","en":"Simple problems are located and solved quickly from data.","zh":"能依据数据快速定位并解决简单问题。","kind":"attested"}],
"3":[
{"id":"t11-people-proactive","en":"The team controls performance actively, with entry criteria and anomaly detection over the whole chain.","zh":"团队主动管控性能，有准入标准和全链路异常检测。","kind":"attested"}],
"4":[
{"id":"t11-people-specialists","en":"People have specialist analysis skills in several directions; full-chain load tests are held regularly.","zh":"具备多个方向的专业分析能力，定期开展全链路压测。","kind":"attested"}],
"5":[
{"id":"t11-people-data-engineers","en":"Data or algorithm engineers do intelligent work.","zh":"由数据或算法工程师开展智能化工作。","kind":"attested"}]}},
{
"id":"t11-tools",
"name":{
"en":"Tools",
"zh":"工具"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t11-tools-none","en":"No tools.","zh":"没有工具。","kind":"descriptor"}],
"2":[
{"id":"t11-tools-basic","en":"A platform covers basic monitoring and measurement.","zh":"有平台覆盖基本的监控与度量。","kind":"attested"}],
"3":[
{"id":"t11-tools-multi-dim","en":"Monitoring covers application, architecture and user experience.","zh":"监控覆盖应用、架构和用户体验。","kind":"attested"}],
"4":[
{"id":"t11-tools-full-stack","en":"End-to-end monitoring plus dedicated test tools, down to hardware.","zh":"端到端监控，并有深入到硬件的专用测试工具。","kind":"attested"}],
"5":[
{"id":"t11-tools-training","en":"Data training and algorithm platforms exist.","zh":"具备数据训练与算法平台。","kind":"attested"}]}}]},
{
"table":"12",
"id":"budget",
"section":"5.3",
"name":{
"en":"Budget management",
"zh":"预算管理"},
"attested_by":[
"finance controller"],
"attested_by_zh":[
"财务主管"],
"evidence":"approved budget and variance report",
"evidence_zh":"经批准的预算与偏差报告",
"dimensions":[
{
"id":"t12-drafting",
"name":{
"en":"Budget drafting",
"zh":"预算编制"},
"mode":"additive",
"floor":"0",
"levels":{
"1":[
{"id":"t12-drafting-top-down","en":"Management sets next year's amount directly.","zh":"由管理层直接确定下一年度额度。","kind":"attested"}],
"2":[
{"id":"t12-drafting-per-product","en":"Drafting has a basis - per product, forecast from past use and product targets, gathered and priced.","zh":"编制有依据：按产品结合历史用量与产品目标预测，汇总并计价。","kind":"attested","supersedes":["t12-drafting-top-down"]}],
"3":[
{"inherits":"t12-drafting-per-product"},
{"id":"t12-drafting-models","en":"Beyond level 2, models derive resource amounts from product indicators, and budgets can roll during the year.","zh":"在二级之上，由模型从产品指标推算资源用量，年内可滚动调整。","kind":"attested"}],
"4":[
{"inherits":"t12-drafting-per-product"},
{"inherits":"t12-drafting-models"},
{"id":"t12-drafting-ml-assisted","en":"Beyond level 3, people and learning both refine resource models, bottlenecks come from live load tests, bandwidth is derived forward.","zh":"在三级之上，人工与机器学习共同修正资源模型，以线上压测找出瓶颈，带宽可正向推算。","kind":"attested"}],
"5":[
{"inherits":"t12-drafting-per-product"},
{"inherits":"t12-drafting-models"},
{"inherits":"t12-drafting-ml-assisted"},
{"id":"t12-drafting-automatic","en":"Beyond level 4, collection, forecasting, current use and savings are computed, the system proposes budget and rolls, management decides.","zh":"在四级之上，采集、预测、现有用量与节约均由系统计算，系统提出预算与滚动建议，管理层决策。","kind":"attested"}]}},
{
"id":"t12-control",
"name":{
"en":"Budget control",
"zh":"预算控制"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t12-control-none","en":"None.","zh":"无。","kind":"descriptor","not_applicable":"true"}],
"2":[
{"id":"t12-control-rules","en":"Budget rules are published, budgets are reviewed per product, run per year and department.","zh":"发布预算制度，按产品评审预算，按年度和部门执行。","kind":"attested"}],
"3":[
{"id":"t12-control-monthly","en":"Two-stage review (department, company); finer control per month and product, with transfers between products on record.","zh":"部门与公司两级评审，按月度和产品细化管控，产品间调剂有记录。","kind":"attested"}],
"4":[
{"inherits":"t12-control-monthly"},
{"id":"t12-control-assessed","en":"Beyond level 3, execution rates are assessed per product or department and the process is recorded.","zh":"在三级之上，按产品或部门考核执行率，全过程留痕。","kind":"attested"}],
"5":[
{"id":"t12-control-culture","en":"Everybody keeps to budget control, plans ahead, and the process keeps improving.","zh":"人人遵守预算管控，提前规划，流程持续改进。","kind":"attested"}]}},
{
"id":"t12-analysis",
"name":{
"en":"Budget analysis",
"zh":"预算分析"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t12-analysis-none","en":"None.","zh":"无。","kind":"descriptor","not_applicable":"true"}],
"2":[
{"id":"t12-analysis-review","en":"Reviews weigh total cost, cash flow and product growth against each other.","zh":"评审时综合权衡总成本、现金流与产品增长。","kind":"attested"}],
"3":[
{"id":"t12-analysis-execution","en":"Execution rates are analysed per department and product.","zh":"按部门和产品分析执行率。","kind":"attested"}],
"4":[
{"inherits":"t12-analysis-execution"},
{"id":"t12-analysis-deviation","en":"Beyond level 3, deviation of product indicators from forecast is analysed.","zh":"在三级之上，分析产品指标与预测的偏差。","kind":"attested"}],
"5":[
{"id":"t12-analysis-realtime","en":"Execution is seen live, trends and deviations are analysed and warned of, and owners correct them so deviation stays low.","zh":"执行情况实时可见，对趋势和偏差做分析预警，责任人及时纠偏使偏差保持在低位。","kind":"attested"}]}},
{
"id":"t12-people",
"name":{
"en":"People",
"zh":"人员机制"},
"mode":"additive",
"floor":"0",
"alike":[
[
"4",
"5"]],
"levels":{
"1":[
{"id":"t12-people-management","en":"Management only.","zh":"仅有管理层参与。","kind":"attested"}],
"2":[
{"id":"t12-people-roles","en":"Management, operations, finance and a budget administrator.","zh":"有管理层、运维、财务和预算管理员。","kind":"attested"}],
"3":[
{"inherits":"t12-people-roles"},
{"id":"t12-people-committee","en":"Beyond level 2, a review committee and DevOps staff.","zh":"在二级之上，另有评审委员会和 DevOps 人员。","kind":"attested"}],
"4":[
{"inherits":"t12-people-roles"},
{"inherits":"t12-people-committee"},
{"id":"t12-people-quality-aiops","en":"Beyond level 3, quality assurance and AIOps staff.","zh":"在三级之上，另有质量保障人员和 AIOps 人员。","kind":"attested"}],
"5":[
{"inherits":"t12-people-roles"},
{"inherits":"t12-people-committee"},
{"inherits":"t12-people-quality-aiops"}]}},
{
"id":"t12-tools",
"name":{
"en":"Tool capability",
"zh":"工具能力"},
"mode":"additive",
"floor":"0",
"alike":[
[
"1",
"2"]],
"levels":{
"1":[
{"id":"t12-tools-sheet","en":"Spreadsheets and approval by e-mail.","zh":"用电子表格编制，用邮件审批。","kind":"attested"}],
"2":[
{"repeats":"t12-tools-sheet"}],
"3":[
{"id":"t12-tools-system","en":"A budget system runs the workflow and records execution, entered per product and rolled up for review.","zh":"由预算系统承载流程并记录执行，按产品填报、逐级汇总评审。","kind":"attested","supersedes":["t12-tools-sheet"]}],
"4":[
{"inherits":"t12-tools-system"},
{"id":"t12-tools-feeds","en":"Beyond level 3, the system gathers drafting data, offers interfaces to capacity, purchasing and campaigns, and computes assessments.","zh":"在三级之上，系统自动收集编制数据，与容量、采购、活动等对接，并计算考核结果。","kind":"attested"}],
"5":[
{"inherits":"t12-tools-system"},
{"inherits":"t12-tools-feeds"},
{"id":"t12-tools-modelling","en":"Beyond level 4, automatic modelling, analysis of deviation causes, forecasts for key modules.","zh":"在四级之上，能自动建模、分析偏差原因并预测关键模块。","kind":"attested"}]}}]},
{
"table":"13",
"id":"cost-optimisation",
"section":"5.4",
"name":{
"en":"Cost optimisation",
"zh":"成本优化"},
"attested_by":[
"cost owner"],
"attested_by_zh":[
"成本负责人"],
"evidence":"resource usage and cost report",
"evidence_zh":"资源使用与成本报告",
"dimensions":[
{
"id":"t13-resources",
"name":{
"en":"Resource management",
"zh":"资源管理"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t13-resources-none","en":"No cost awareness.","zh":"没有成本意识。","kind":"descriptor"}],
"2":[
{"id":"t13-resources-standards","en":"Usage standards exist, usage data are gathered and reviewed periodically.","zh":"有使用标准，收集使用数据并定期评审。","kind":"attested"}],
"3":[
{"inherits":"t13-resources-standards"},
{"id":"t13-resources-capacity-model","en":"Beyond level 2, exact capacity models per application; scaling is triggered by people.","zh":"在二级之上，每个应用有精确的容量模型，由人工触发扩缩容。","kind":"attested"}],
"4":[
{"inherits":"t13-resources-standards"},
{"inherits":"t13-resources-capacity-model"},
{"id":"t13-resources-auto-scale","en":"Beyond level 3, live usage drives automatic scaling both ways, and idle resources are found and reclaimed.","zh":"在三级之上，依据实时用量自动扩容和缩容，识别并回收闲置资源。","kind":"attested"}],
"5":[
{"inherits":"t13-resources-standards"},
{"inherits":"t13-resources-capacity-model"},
{"inherits":"t13-resources-auto-scale"},
{"id":"t13-resources-co-location","en":"Beyond level 4, application profiles drive affinity placement and online/offline workloads share machines.","zh":"在四级之上，依据应用画像做亲和性调度，在线与离线负载混合部署。","kind":"attested"}]}},
{
"id":"t13-delivery",
"name":{
"en":"Delivery mode",
"zh":"交付模式"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t13-delivery-weeks","en":"Everything by hand; delivery takes weeks.","zh":"全部手工完成，交付以周计。","kind":"descriptor","note":"lead time is reported, not required"}],
"2":[
{"id":"t13-delivery-days","en":"A delivery flow with tools per step, people in between; delivery takes days.","zh":"有交付流程，各步有工具但仍靠人衔接，交付以天计。","kind":"measured","check":{"metric":"delivery_lead_time","op":"<","bar":"7d"},"attestable":"true"}],
"3":[
{"id":"t13-delivery-hours","en":"A connected delivery pipeline with self-service; delivery takes hours.","zh":"交付流水线贯通且可自助，交付以小时计。","kind":"measured","check":{"metric":"delivery_lead_time","op":"<","bar":"24h"},"attestable":"true"}],
"4":[
{"id":"t13-delivery-minutes","en":"On demand, deployed by automation; delivery takes minutes.","zh":"按需申请、自动部署，交付以分钟计。","kind":"measured","check":{"metric":"delivery_lead_time","op":"<","bar":"60m"},"attestable":"true"}],
"5":[
{"id":"t13-delivery-seconds","en":"Developers serve themselves from container images, end to end; delivery takes seconds.","zh":"开发人员以容器镜像端到端自助，交付以秒计。","kind":"measured","check":{"metric":"delivery_lead_time","op":"<","bar":"60s"},"attestable":"true"}]}},
{
"id":"t13-app-arch",
"name":{
"en":"Application architecture",
"zh":"应用架构"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t13-app-arch-three-tier","en":"Classic three tiers, scaling out poorly.","zh":"传统三层架构，横向扩展能力差。","kind":"descriptor"}],
"2":[
{"id":"t13-app-arch-middleware","en":"A middleware layer; application and data layers scale out to a degree.","zh":"引入中间件层，应用层与数据层可在一定程度上横向扩展。","kind":"attested"}],
"3":[
{"id":"t13-app-arch-split","en":"Applications are split, data use caching, read/write separation and sharding, and scale out on smaller instances.","zh":"应用已拆分，数据采用缓存、读写分离和分库分表，可用小规格实例横向扩展。","kind":"attested"}],
"4":[
{"id":"t13-app-arch-services","en":"Service-oriented, self-discovering, each application deployed and scaled alone, but on dedicated middleware and VMs.","zh":"服务化并自动发现，各应用独立部署与伸缩，但仍使用专用中间件和虚拟机。","kind":"attested"}],
"5":[
{"id":"t13-app-arch-cloud-native","en":"Microservices, cloud-native, using platform services fully.","zh":"微服务与云原生架构，充分使用平台服务。","kind":"attested"}]}},
{
"id":"t13-people",
"name":{
"en":"People",
"zh":"人员机制"},
"mode":"restating",
"floor":"1",
"alike":[
[
"4",
"5"]],
"levels":{
"1":[
{"id":"t13-people-none","en":"None.","zh":"无。","kind":"descriptor","not_applicable":"true"}],
"2":[
{"id":"t13-people-ops","en":"Operations staff.","zh":"有运维人员。","kind":"attested"}],
"3":[
{"id":"t13-people-devops","en":"DevOps staff.","zh":"有 DevOps 人员。","kind":"attested"}],
"4":[
{"id":"t13-people-aiops","en":"DevOps and AIOps staff.","zh":"有 DevOps 人员和 AIOps 人员。","kind":"attested"}],
"5":[
{"repeats":"t13-people-aiops"}]}},
{
"id":"t13-tools",
"name":{
"en":"Tool capability",
"zh":"工具能力"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t13-tools-none","en":"None.","zh":"无。","kind":"descriptor","not_applicable":"true"}],
"2":[
{"id":"t13-tools-host-create","en":"Basic tools create host resources automatically.","zh":"有基础工具可自动创建主机资源。","kind":"attested"}],
"3":[
{"id":"t13-tools-infra-lifecycle","en":"Tools create, delete and manage most infrastructure resources.","zh":"有工具创建、删除和管理大部分基础设施资源。","kind":"attested"}],
"4":[
{"id":"t13-tools-one-stop","en":"One continuous-delivery platform end to end; an operations data store and AI tools.","zh":"一套端到端的持续交付平台，并有运维数据仓库与智能工具。","kind":"attested"}],
"5":[
{"id":"t13-tools-integrated","en":"An integrated operations platform with an AIOps analysis platform deciding for it.","zh":"一体化运维平台，由 AIOps 分析平台为其决策。","kind":"attested"}]}}]},
{
"table":"14",
"id":"continuity",
"section":"6.1",
"name":{
"en":"Continuity management",
"zh":"连续性管理"},
"attested_by":[
"continuity manager",
"head of IT",
"internal auditor",
"top leader"],
"attested_by_zh":[
"连续性经理",
"信息技术负责人",
"内部审计",
"最高领导"],
"evidence":"approved document with version, hash and approval date; meeting or training record",
"evidence_zh":"注明版本、哈希与批准日期的正式文件；会议或培训记录",
"dimensions":[
{
"id":"t14-plans",
"name":{
"en":"Continuity plans and processes",
"zh":"连续性计划和流程"},
"mode":"additive",
"floor":"0",
"levels":{
"1":[
{"id":"t14-plans-process","en":"An IT continuity management process is defined and in force.","zh":"已制定并执行信息系统连续性管理流程。","kind":"attested"},
{"id":"t14-plans-it-drp","en":"An IT disaster recovery plan exists.","zh":"已有信息系统灾难恢复预案。","kind":"attested","note":"the tool can see this for itself when recovery runbooks are kept in it; a plan that was never rehearsed still counts here (rehearsal is the drill dimension)"}],
"2":[
{"inherits":"t14-plans-process"},
{"inherits":"t14-plans-it-drp"},
{"id":"t14-plans-business-recovery","en":"A business recovery plan also exists.","zh":"另有业务恢复预案。","kind":"attested"}],
"3":[
{"inherits":"t14-plans-process"},
{"inherits":"t14-plans-it-drp"},
{"inherits":"t14-plans-business-recovery"},
{"id":"t14-plans-bcp","en":"A business continuity plan also exists.","zh":"另有业务连续性计划。","kind":"attested"}],
"4":[
{"inherits":"t14-plans-process"},
{"inherits":"t14-plans-it-drp"},
{"inherits":"t14-plans-business-recovery"},
{"inherits":"t14-plans-bcp"},
{"id":"t14-plans-bcm","en":"A business continuity management practice (management system, not only plans) also exists.","zh":"另有业务连续性管理体系，而不只是若干份计划。","kind":"attested"}],
"5":[
{"inherits":"t14-plans-process"},
{"inherits":"t14-plans-it-drp"},
{"inherits":"t14-plans-business-recovery"},
{"inherits":"t14-plans-bcp"},
{"inherits":"t14-plans-bcm"},
{"id":"t14-plans-improve","en":"Those processes and norms are improved continually.","zh":"上述流程与规范得到持续改进。","kind":"attested"}]}},
{
"id":"t14-backup",
"name":{
"en":"Data backup activity",
"zh":"数据备份活动"},
"mode":"additive",
"floor":"0",
"note":"rules run per dataset in scope; the dimension takes the worst dataset; a dataset with no run at all is not met, a dataset never connected to the tool is unknown",
"levels":{
"1":[
{"id":"t14-backup-full-monthly","en":"A complete backup is taken at least once a month.","zh":"至少每月做一次完整备份。","kind":"measured","check":{"metric":"full_backup_max_gap","scope":"datasets","op":"<=","bar":"$month","grace":"$grace.month"},"note":"gap is between recovery points (point_at), not finish times; the gap before the first and after the last run in W counts (anchors); only runs with status succeeded and at least one copy that passed verification count"},
{"id":"t14-backup-located","en":"A verified backup copy is kept, at the least in the production data centre.","zh":"至少在生产机房内保有一份经过验证的备份。","kind":"measured","check":{"metric":"copy_location_rank","scope":"datasets","op":">=","bar":"0","staleness":["$month","$grace.month","$settle"]},"note":"the source sentence describes where the copy is (same data centre), not a bar to doing better; rank 0 = same facility, 1 = same city another facility, 2 = remote"}],
"2":[
{"id":"t14-backup-full-weekly","en":"A complete backup is taken at least once a week.","zh":"至少每周做一次完整备份。","kind":"measured","check":{"metric":"full_backup_max_gap","scope":"datasets","op":"<=","bar":"$week","grace":"$grace.week"},"supersedes":["t14-backup-full-monthly"]},
{"id":"t14-backup-same-city","en":"Backup data is also kept in another building of the same city (or farther away).","zh":"备份数据另存于同城的其他建筑或更远处。","kind":"measured","check":{"metric":"copy_location_rank","scope":"datasets","op":">=","bar":"1","staleness":["$week","$grace.week","$settle"]},"supersedes":["t14-backup-located"],"note":"a remote copy satisfies it too (rank order); option p.require_both_city_and_remote turns that off"}],
"3":[
{"id":"t14-backup-full-daily","en":"A complete backup is taken at least once a day.","zh":"至少每天做一次完整备份。","kind":"measured","check":{"metric":"full_backup_max_gap","scope":"datasets","op":"<=","bar":"$day","grace":"$grace.day"},"supersedes":["t14-backup-full-weekly","t14-backup-full-monthly"],"note":"a synthetic full (assembled from increments and verified restorable on its own) counts as full when its restore check passed"},
{"id":"t14-backup-remote","en":"Backup data is also kept at a remote place.","zh":"备份数据另存于异地。","kind":"measured","check":{"metric":"copy_location_rank","scope":"datasets","op":">=","bar":"2","staleness":["$day","$grace.day","$settle"]},"supersedes":["t14-backup-same-city","t14-backup-located"],"note":"remote = different city_code, and distance >= p.remote_min_km when both coordinates are known and the parameter is set (off by default, 100 recommended), and different risk_zone when both are set; no distance is given in the source"}],
"4":[
{"inherits":"t14-backup-full-daily"},
{"inherits":"t14-backup-remote"},
{"id":"t14-backup-incr-hourly","en":"Incremental backups are taken hour by hour.","zh":"每小时做增量备份。","kind":"measured","check":{"metric":"recovery_point_max_gap","scope":"datasets","op":"<=","bar":"$hour","grace":"$grace.hour"},"note":"the Chinese word can mean every hour or continually (or be a slip for real time); hourly is the literal reading, continuous replication with lag samples satisfies it"},
{"id":"t14-backup-copies-gt2","en":"More than two backup copies of the data exist.","zh":"备份副本多于两份。","kind":"measured","check":{"metric":"verified_copy_count","scope":"datasets","op":">","bar":"2","staleness":["$day","$grace.day","$settle"]},"note":"backup copies only - the production data is not a copy; counted on distinct storage targets, each holding a complete restorable chain, verified within p.verify_max_age (35 d); several generations on one target are one copy; labelled C) in the source"}],
"5":[
{"inherits":"t14-backup-full-daily"},
{"inherits":"t14-backup-remote"},
{"inherits":"t14-backup-incr-hourly"},
{"id":"t14-backup-copies-gt3","en":"More than three backup copies of the data exist.","zh":"备份副本多于三份。","kind":"measured","check":{"metric":"verified_copy_count","scope":"datasets","op":">","bar":"3","staleness":["$day","$grace.day","$settle"]},"supersedes":["t14-backup-copies-gt2"]}]}},
{
"id":"t14-drills",
"name":{
"en":"Drills and exercises",
"zh":"演习演练"},
"mode":"additive",
"floor":"1",
"alike":[
[
"2",
"3"],
[
"4",
"5"]],
"note":"levels 2 and 3 are word for word the same, and so are 4 and 5",
"levels":{
"1":[
{"id":"t14-drills-floor","en":"No drills, or only occasional desk checks and walk-throughs.","zh":"没有演练，或只偶有案头检查与流程走查。","kind":"descriptor"}],
"2":[
{"id":"t14-drills-paper","en":"Occasional desk checks and walk-throughs are held.","zh":"不定期进行案头检查与流程走查。","kind":"measured","check":{"metric":"drill_count","types":["desk_check","walkthrough","tabletop","sand_table"],"op":">=","bar":"1"},"note":"the desk check and the walk-through are one class (the source names them as a pair at level 1); option p.l2_each_type asks for one of each"},
{"id":"t14-drills-simulation","en":"Occasional simulated drills are held.","zh":"不定期进行模拟演练。","kind":"measured","check":{"metric":"drill_count","types":["simulation","partial","full"],"op":">=","bar":"1"}}],
"3":[
{"repeats":"t14-drills-paper"},
{"repeats":"t14-drills-simulation"}],
"4":[
{"id":"t14-drills-q-tabletop","en":"Tabletop drills are held regularly (quarterly or monthly).","zh":"按季或按月进行桌面演练。","kind":"measured","check":{"metric":"drill_min_per_quarter","types":["tabletop"],"op":">=","bar":"1"},"supersedes":["t14-drills-paper"]},
{"id":"t14-drills-q-sand-table","en":"Sand-table drills are held regularly (quarterly or monthly).","zh":"按季或按月进行沙盘演练。","kind":"measured","check":{"metric":"drill_min_per_quarter","types":["sand_table"],"op":">=","bar":"1"}},
{"id":"t14-drills-q-simulation","en":"Simulated drills are held regularly (quarterly or monthly).","zh":"按季或按月进行模拟演练。","kind":"measured","check":{"metric":"drill_min_per_quarter","types":["simulation"],"op":">=","bar":"1"},"supersedes":["t14-drills-simulation"]},
{"id":"t14-drills-q-partial","en":"Exercises of parts of the system are held regularly (quarterly or monthly).","zh":"按季或按月进行局部演练。","kind":"measured","check":{"metric":"drill_min_per_quarter","types":["partial"],"op":">=","bar":"1"}},
{"id":"t14-drills-q-full","en":"Full exercises are held regularly (quarterly or monthly).","zh":"按季或按月进行全面演练。","kind":"measured","check":{"metric":"drill_min_per_quarter","types":["full"],"op":">=","bar":"1"},"note":"per type is the literal reading and a heavy one for full exercises; option p.drill_cadence = per_type (default) | programme (one drill of any type in each quarter and each of the five types at least once in W)"}],
"5":[
{"repeats":"t14-drills-q-tabletop"},
{"repeats":"t14-drills-q-sand-table"},
{"repeats":"t14-drills-q-simulation"},
{"repeats":"t14-drills-q-partial"},
{"repeats":"t14-drills-q-full"}]},
"strict":{
"3":[
{"id":"t14-drills-x-critical-covered","en":"Every critical service took part in a simulation, partial or full drill in the window.","zh":"审计期内每项关键服务都参加过模拟、局部或全面演练。","kind":"measured","check":{"metric":"exercised_share","scope":"critical","types":["simulation","partial","full"],"op":"==","bar":"1"}},
{"id":"t14-drills-x-actions","en":"Every counted drill has a review report and its overdue improvement actions are zero.","zh":"每次计入的演练都有总结报告，且没有逾期的改进措施。","kind":"measured","check":[{"metric":"drill_reported_share","op":"==","bar":"1"},{"metric":"overdue_drill_actions","op":"==","bar":"0"}]}],
"5":[
{"id":"t14-drills-x-monthly","en":"At least one counted drill in every month, and each of the five types in every quarter.","zh":"每个月至少有一次计入的演练，五种类型每个季度都有。","kind":"measured","check":[{"metric":"drill_min_per_month","types":["desk_check","walkthrough","tabletop","sand_table","simulation","partial","full"],"op":">=","bar":"1"},{"metric":"drill_min_per_quarter","types":["tabletop"],"op":">=","bar":"1"},{"metric":"drill_min_per_quarter","types":["sand_table"],"op":">=","bar":"1"},{"metric":"drill_min_per_quarter","types":["simulation"],"op":">=","bar":"1"},{"metric":"drill_min_per_quarter","types":["partial"],"op":">=","bar":"1"},{"metric":"drill_min_per_quarter","types":["full"],"op":">=","bar":"1"}]},
{"id":"t14-drills-x-targets","en":"Every core service met its own RPO and RTO targets in a full drill of the window.","zh":"每项核心服务都在全面演练中达到自己的恢复点与恢复时间目标。","kind":"measured","check":{"metric":"targets_met_share","scope":"core","types":["full"],"op":"==","bar":"1"}},
{"id":"t14-drills-x-unannounced","en":"At least one simulation, partial or full drill in the window was unannounced.","zh":"至少有一次模拟、局部或全面演练未事先通知。","kind":"measured","check":{"metric":"unannounced_drill_count","types":["simulation","partial","full"],"op":">=","bar":"1"}}]}},
{
"id":"t14-dr",
"name":{
"en":"Disaster tolerance of key business",
"zh":"关键业务容灾能力"},
"mode":"additive",
"floor":"0",
"note":"run per core service, worst service decides; RPO and RTO are the measured values (rpo_eff, rto_eff), never the targets",
"levels":{
"1":[
{"id":"t14-dr-cold","en":"At least a cold standby exists for the core business.","zh":"核心业务至少具备冷备。","kind":"measured","check":{"metric":"standby_rank","scope":"core","op":">=","bar":"1"},"attestable":"true"},
{"id":"t14-dr-rpo-gt24h","en":"Core recovery point is above 24 hours.","zh":"核心业务的恢复点超过24小时。","kind":"descriptor"},
{"id":"t14-dr-rto-gt72h","en":"Core recovery time is above 72 hours.","zh":"核心业务的恢复时间超过72小时。","kind":"descriptor"}],
"2":[
{"repeats":"t14-dr-cold"},
{"id":"t14-dr-rpo-lt24h","en":"Core recovery point is below 24 hours.","zh":"核心业务的恢复点小于24小时。","kind":"measured","check":{"metric":"rpo_eff","scope":"core","op":"<","bar":"24h"}},
{"id":"t14-dr-rto-lt72h","en":"Core recovery time is below 72 hours.","zh":"核心业务的恢复时间小于72小时。","kind":"measured","check":{"metric":"rto_eff","scope":"core","op":"<","bar":"72h"}}],
"3":[
{"repeats":"t14-dr-cold"},
{"id":"t14-dr-rpo-lt12h","en":"Core recovery point is below 12 hours.","zh":"核心业务的恢复点小于12小时。","kind":"measured","check":{"metric":"rpo_eff","scope":"core","op":"<","bar":"12h"},"supersedes":["t14-dr-rpo-lt24h"],"note":"cannot be reached from the level-3 daily full backup alone - needs recovery points at least every 12 h at the recovery site"},
{"id":"t14-dr-rto-lt36h","en":"Core recovery time is below 36 hours.","zh":"核心业务的恢复时间小于36小时。","kind":"measured","check":{"metric":"rto_eff","scope":"core","op":"<","bar":"36h"},"supersedes":["t14-dr-rto-lt72h"]}],
"4":[
{"id":"t14-dr-hot","en":"A hot standby exists for the core business.","zh":"核心业务具备热备。","kind":"measured","check":{"metric":"standby_rank","scope":"core","op":">=","bar":"3"},"attestable":"true","supersedes":["t14-dr-cold"]},
{"id":"t14-dr-rpo-lt5min","en":"Core recovery point is below 5 minutes.","zh":"核心业务的恢复点小于5分钟。","kind":"measured","check":{"metric":"rpo_eff","scope":"core","op":"<","bar":"5m"},"supersedes":["t14-dr-rpo-lt12h","t14-dr-rpo-lt24h"],"note":"the hourly increments asked for at level 4 of the backup dimension cannot give this; replication does"},
{"id":"t14-dr-rto-lt2h","en":"Core recovery time is below 2 hours.","zh":"核心业务的恢复时间小于2小时。","kind":"measured","check":{"metric":"rto_eff","scope":"core","op":"<","bar":"2h"},"supersedes":["t14-dr-rto-lt36h","t14-dr-rto-lt72h"]}],
"5":[
{"repeats":"t14-dr-hot"},
{"id":"t14-dr-rpo-lt1min","en":"Core recovery point is below 1 minute.","zh":"核心业务的恢复点小于1分钟。","kind":"measured","check":{"metric":"rpo_eff","scope":"core","op":"<","bar":"1m"},"supersedes":["t14-dr-rpo-lt5min","t14-dr-rpo-lt12h","t14-dr-rpo-lt24h"]},
{"id":"t14-dr-rto-lt30min","en":"Core recovery time is below 30 minutes.","zh":"核心业务的恢复时间小于30分钟。","kind":"measured","check":{"metric":"rto_eff","scope":"core","op":"<","bar":"30m"},"supersedes":["t14-dr-rto-lt2h","t14-dr-rto-lt36h","t14-dr-rto-lt72h"]}]}},
{
"id":"t14-people",
"name":{
"en":"People",
"zh":"人员"},
"mode":"additive",
"floor":"0",
"note":"level 2 b) (team covers only part) contradicts level 3 c) (covers all) if read as a bar; read as growing coverage. Labels: level 3 has a, b, c, c; level 4 has a, c, d",
"levels":{
"1":[
{"id":"t14-people-dr-team","en":"A disaster recovery team exists, made up of technical staff.","zh":"已有由技术人员组成的灾难恢复团队。","kind":"attested"}],
"2":[
{"inherits":"t14-people-dr-team"},
{"id":"t14-people-covers-some","en":"The team covers some of the critical business.","zh":"团队覆盖一部分关键业务。","kind":"measured","check":{"metric":"dr_team_coverage","scope":"critical","op":">","bar":"0"},"attestable":"true"}],
"3":[
{"inherits":"t14-people-dr-team"},
{"id":"t14-people-bc-org","en":"An IT business-continuity organisation exists.","zh":"已有信息系统连续性的管理组织。","kind":"attested"},
{"id":"t14-people-covers-all","en":"The team covers all critical business.","zh":"团队覆盖全部关键业务。","kind":"measured","check":{"metric":"dr_team_coverage","scope":"critical","op":"==","bar":"$quant.all"},"attestable":"true","supersedes":["t14-people-covers-some"]},
{"id":"t14-people-business-staff","en":"Business staff take part in the continuity organisation.","zh":"业务人员参与连续性组织。","kind":"attested","note":"printed as a second c)"}],
"4":[
{"inherits":"t14-people-dr-team"},
{"inherits":"t14-people-bc-org"},
{"inherits":"t14-people-covers-all"},
{"inherits":"t14-people-business-staff"},
{"id":"t14-people-vendors","en":"Vendor staff take part in the continuity organisation.","zh":"厂商人员参与连续性组织。","kind":"attested","note":"printed as c), there is no b)"},
{"id":"t14-people-top-leader","en":"A senior executive is the top leader of continuity management.","zh":"由高层管理者担任连续性工作的最高负责人。","kind":"attested","note":"printed as d)"}],
"5":[
{"inherits":"t14-people-dr-team"},
{"inherits":"t14-people-bc-org"},
{"inherits":"t14-people-covers-all"},
{"inherits":"t14-people-business-staff"},
{"inherits":"t14-people-top-leader"},
{"id":"t14-people-partners","en":"Suppliers and upstream and downstream partners take part in the continuity organisation.","zh":"供应商与上下游伙伴参与连续性组织。","kind":"attested","supersedes":["t14-people-vendors"]}]}},
{
"id":"t14-culture",
"name":{
"en":"Culture",
"zh":"文化"},
"mode":"additive",
"floor":"0",
"alike":[
[
"4",
"5"]],
"note":"level 5 only says same as above on label a); read as the whole level-4 cell, so 4 and 5 cannot be told apart",
"levels":{
"1":[
{"id":"t14-culture-ad-hoc","en":"The technical organisation learns about continuity now and then, of its own accord.","zh":"技术部门自发地、不定期地学习连续性知识。","kind":"attested"}],
"2":[
{"id":"t14-culture-quarterly","en":"Publicity and training on continuity are organised every quarter.","zh":"每季度组织连续性的宣传与培训。","kind":"attested","supersedes":["t14-culture-ad-hoc"]}],
"3":[
{"id":"t14-culture-monthly","en":"Publicity and training on continuity are organised every month.","zh":"每月组织连续性的宣传与培训。","kind":"attested","supersedes":["t14-culture-quarterly","t14-culture-ad-hoc"]}],
"4":[
{"id":"t14-culture-monthly-or-irregular","en":"Publicity and training are organised monthly or as the occasion offers.","zh":"每月或视情况组织宣传与培训。","kind":"attested","note":"weaker than level 3 by its \"or irregular\"; level 3 stays required under accumulation, so monthly still holds"},
{"id":"t14-culture-contest","en":"Knowledge contests on continuity are also organised.","zh":"另组织连续性知识竞赛。","kind":"attested"},
{"id":"t14-culture-column","en":"A continuity learning column is kept.","zh":"设有连续性学习专栏。","kind":"attested"}],
"5":[
{"inherits":"t14-culture-monthly-or-irregular"},
{"inherits":"t14-culture-contest"},
{"inherits":"t14-culture-column"}]},
"strict":{
"5":[
{"id":"t14-culture-x-all-staff","en":"Everybody with a continuity role took part in at least one activity in the last 12 months, and effect was checked (quiz, drill score).","zh":"过去12个月内，凡承担连续性职责者都至少参加过一次活动，并检验过效果。","kind":"measured","check":[{"metric":"trained_role_share","op":"==","bar":"1"},{"metric":"assessed_training_count","op":">=","bar":"1"}]}]}}]},
{
"table":"15",
"id":"availability",
"section":"6.2",
"name":{
"en":"Availability management",
"zh":"可用性管理"},
"attested_by":[
"availability manager",
"chief architect",
"head of IT"],
"attested_by_zh":[
"可用性经理",
"首席架构师",
"信息技术负责人"],
"evidence":"architecture register export, availability plan, user acceptance record",
"evidence_zh":"架构登记导出、可用性计划、用户认可记录",
"dimensions":[
{
"id":"t15-architecture",
"name":{
"en":"High-availability service architecture",
"zh":"高可用服务架构"},
"mode":"additive",
"floor":"0",
"note":"quantity words few / some / most / all are not quantified in the source; params quant.few (count >= 1), quant.some (share >= 0.25), quant.most (share > 0.5), quant.all (share == 1)",
"levels":{
"1":[
{"id":"t15-architecture-local-data","en":"Data is stored locally.","zh":"数据只存于本地。","kind":"descriptor"},
{"id":"t15-architecture-ha-few","en":"A few key IT systems are designed for high availability.","zh":"少数关键系统按高可用设计。","kind":"measured","check":{"metric":"ha_count","scope":"critical","op":">=","bar":"$quant.few"},"attestable":"true","note":"ha_proven = at least 2 instances in at least 2 fault domains in the inventory AND (a passed node-loss drill in W, or a real node loss in W without user impact); inventory alone counts as attested"},
{"id":"t15-architecture-silo","en":"Silo architecture dominates.","zh":"以烟囱式架构为主。","kind":"descriptor"}],
"2":[
{"id":"t15-architecture-dr-same-city","en":"A disaster-recovery centre exists in the same city (or farther).","zh":"在同城或更远处设有灾备中心。","kind":"measured","check":{"metric":"dr_site_rank","op":">=","bar":"1"},"attestable":"true"},
{"id":"t15-architecture-ha-some","en":"Some of the key IT systems are designed for high availability.","zh":"部分关键系统按高可用设计。","kind":"measured","check":{"metric":"ha_share","scope":"critical","op":">=","bar":"$quant.some"},"attestable":"true","supersedes":["t15-architecture-ha-few"]},
{"id":"t15-architecture-silo-mainly","en":"Silo architecture dominates, distributed architecture supplements it.","zh":"以烟囱式架构为主，分布式架构为辅。","kind":"descriptor"}],
"3":[
{"id":"t15-architecture-dr-remote","en":"A disaster-recovery centre exists at a remote place.","zh":"在异地设有灾备中心。","kind":"measured","check":{"metric":"dr_site_rank","op":">=","bar":"2"},"attestable":"true","supersedes":["t15-architecture-dr-same-city"],"note":"whether the same-city centre must remain (two places, three centres) is open in the source; p.require_both_city_and_remote (default false)"},
{"id":"t15-architecture-ha-most","en":"Most IT systems are designed for high availability.","zh":"多数系统按高可用设计。","kind":"measured","check":{"metric":"ha_share","scope":"services","op":">","bar":"$quant.most"},"attestable":"true","supersedes":["t15-architecture-ha-some","t15-architecture-ha-few"],"note":"levels 1 and 2 say key IT systems, level 3 drops key"},
{"id":"t15-architecture-ft-few","en":"A few key IT systems are designed for fault tolerance.","zh":"少数关键系统按容错设计。","kind":"measured","check":{"metric":"ft_count","scope":"critical","op":">=","bar":"$quant.few"},"attestable":"true","note":"ft_proven = a fault of the declared class was injected or happened in W and no probe failed meanwhile"},
{"id":"t15-architecture-distributed","en":"Distributed architecture dominates, silo supplements.","zh":"以分布式架构为主，烟囱式架构为辅。","kind":"measured","check":{"metric":"distributed_share","scope":"services","op":">","bar":"$quant.most"},"attestable":"true"}],
"4":[
{"id":"t15-architecture-ha-all","en":"All IT systems are designed for high availability.","zh":"全部系统按高可用设计。","kind":"measured","check":{"metric":"ha_share","scope":"services","op":"==","bar":"$quant.all"},"attestable":"true","supersedes":["t15-architecture-ha-most","t15-architecture-ha-some","t15-architecture-ha-few"]},
{"id":"t15-architecture-ft-most","en":"Most key IT systems are designed for fault tolerance.","zh":"多数关键系统按容错设计。","kind":"measured","check":{"metric":"ft_share","scope":"critical","op":">","bar":"$quant.most"},"attestable":"true","supersedes":["t15-architecture-ft-few"]}],
"5":[
{"id":"t15-architecture-active-active","en":"Several data centres are active at once, distributed.","zh":"多个数据中心同时对外服务，架构为分布式。","kind":"measured","check":{"metric":"active_facilities","scope":"core","op":">=","bar":"2"},"attestable":"true","note":"does not supersede the remote-centre criterion of level 3 - two active halls in one city leave it unmet; an active site in another city meets it by its own rule; scope (all core services) is this model's reading"},
{"id":"t15-architecture-ft-all","en":"All key IT systems are designed for fault tolerance.","zh":"全部关键系统按容错设计。","kind":"measured","check":{"metric":"ft_share","scope":"critical","op":"==","bar":"$quant.all"},"attestable":"true","supersedes":["t15-architecture-ft-most","t15-architecture-ft-few"]},
{"id":"t15-architecture-self-repair","en":"The architecture repairs and optimises itself.","zh":"架构能够自我修复、自我优化。","kind":"attested","corroborated_by":{"metric":"auto_restored_incidents","op":">=","bar":"1"}}]}},
{
"id":"t15-management",
"name":{
"en":"Availability management",
"zh":"可用性管理"},
"mode":"additive",
"floor":"1",
"note":"labels jump from a) to c) at levels 2 to 4; level 3 has a) and c); capital C used",
"levels":{
"1":[
{"id":"t15-management-passive","en":"Availability work is only reactive.","zh":"可用性工作只是被动应对。","kind":"descriptor"}],
"2":[
{"id":"t15-management-proactive-simple","en":"Simple proactive availability management is done.","zh":"已有简单的主动可用性管理。","kind":"attested"},
{"id":"t15-management-monitor-partial","en":"Availability is monitored, though not end to end.","zh":"可用性有监控，但并非端到端。","kind":"measured","check":{"metric":"probe_coverage","scope":"critical","op":">","bar":"0"},"note":"printed as C)"}],
"3":[
{"id":"t15-management-proactive-full","en":"Comprehensive proactive availability management; trends are analysed and measures remove availability risks.","zh":"主动管理覆盖全面：分析趋势，并采取措施消除可用性风险。","kind":"attested","supersedes":["t15-management-proactive-simple"]},
{"id":"t15-management-monitor-e2e","en":"Availability monitoring is end to end.","zh":"可用性监控做到端到端。","kind":"measured","check":{"metric":"e2e_probe_coverage","scope":"critical","op":"==","bar":"1"},"supersedes":["t15-management-monitor-partial"],"note":"printed as C); scope critical services, because level 4 extends to all systems"}],
"4":[
{"inherits":"t15-management-proactive-full"},
{"id":"t15-management-needs-accepted","en":"Needs are surveyed and the availability plan is accepted by business and users.","zh":"调研过需求，可用性方案得到业务方与用户认可。","kind":"attested"},
{"id":"t15-management-monitor-e2e-all","en":"Every system has end-to-end availability monitoring.","zh":"每个系统都有端到端的可用性监控。","kind":"measured","check":{"metric":"e2e_probe_coverage","scope":"services","op":"==","bar":"1"},"supersedes":["t15-management-monitor-e2e","t15-management-monitor-partial"]},
{"id":"t15-management-auto-ops","en":"Automated operations are fully supported.","zh":"全面支持自动化运维。","kind":"attested","note":"printed as d)"}],
"5":[
{"inherits":"t15-management-proactive-full"},
{"inherits":"t15-management-needs-accepted"},
{"inherits":"t15-management-monitor-e2e-all"},
{"inherits":"t15-management-auto-ops"},
{"id":"t15-management-aiops","en":"Intelligent operations and self-healing are fully supported.","zh":"全面支持智能运维与故障自愈。","kind":"attested"}]}},
{
"id":"t15-organisation",
"name":{
"en":"Availability organisation",
"zh":"可用性组织"},
"mode":"additive",
"floor":"1",
"note":"level 3 says comprehensive, level 4 only fairly comprehensive, level 5 comprehensive again - no bar is set on that word",
"levels":{
"1":[
{"id":"t15-organisation-none","en":"No availability team.","zh":"没有可用性团队。","kind":"descriptor"}],
"2":[
{"id":"t15-organisation-team","en":"An availability team exists.","zh":"已有可用性团队。","kind":"attested"},
{"id":"t15-organisation-tech","en":"The team looks at technical availability.","zh":"团队关注技术层面的可用性。","kind":"attested"}],
"3":[
{"repeats":"t15-organisation-team"},
{"id":"t15-organisation-process","en":"The team looks at technology, process and further factors and builds a comprehensive management system.","zh":"团队兼顾技术、流程等因素，建立了完整的管理体系。","kind":"attested","supersedes":["t15-organisation-tech"]}],
"4":[
{"repeats":"t15-organisation-team"},
{"id":"t15-organisation-people","en":"The team looks at technology, process, people and further factors and builds a fairly comprehensive management system.","zh":"团队兼顾技术、流程、人员等因素，建立了较完整的管理体系。","kind":"attested","supersedes":["t15-organisation-process","t15-organisation-tech"]}],
"5":[
{"repeats":"t15-organisation-team"},
{"id":"t15-organisation-suppliers","en":"The team looks at technology, process, people, suppliers and further factors and builds a comprehensive management system.","zh":"团队兼顾技术、流程、人员、供应商等因素，建立了完整的管理体系。","kind":"attested","supersedes":["t15-organisation-people","t15-organisation-process","t15-organisation-tech"]}]}},
{
"id":"t15-indicators",
"name":{
"en":"Business availability indicators",
"zh":"业务可用性指标"},
"mode":"additive",
"floor":"1",
"alike":[
[
"3",
"4",
"5"]],
"note":"levels 3, 4 and 5 are word for word the same. 99.9 % of a 8760 h year is 8.76 h, so an annual downtime in [8.76, 8.8) h passes b) and fails a); a) decides. 99 % is exactly 87.6 h of 8760 h (87.84 h of a leap year)",
"levels":{
"1":[
{"id":"t15-indicators-avail-lt99","en":"Low availability, below 99 %.","zh":"可用性较低，不足99%。","kind":"descriptor"},
{"id":"t15-indicators-down-gt876","en":"Annual downtime above 87.6 hours.","zh":"全年停机超过87.6小时。","kind":"descriptor"}],
"2":[
{"id":"t15-indicators-avail-gt99","en":"Medium availability, above 99 %.","zh":"可用性中等，高于99%。","kind":"measured","check":{"metric":"availability","scope":"critical","op":">","bar":"0.99"}},
{"id":"t15-indicators-down-lt876","en":"Annual downtime below 87.6 hours.","zh":"全年停机少于87.6小时。","kind":"measured","check":{"metric":"downtime_h_per_year","scope":"critical","op":"<","bar":"87.6h"}}],
"3":[
{"id":"t15-indicators-avail-gt999","en":"Fairly high availability, above 99.9 %.","zh":"可用性较高，高于99.9%。","kind":"measured","check":{"metric":"availability","scope":"critical","op":">","bar":"0.999"},"supersedes":["t15-indicators-avail-gt99"]},
{"id":"t15-indicators-down-lt88","en":"Annual downtime below 8.8 hours.","zh":"全年停机少于8.8小时。","kind":"measured","check":{"metric":"downtime_h_per_year","scope":"critical","op":"<","bar":"8.8h"},"supersedes":["t15-indicators-down-lt876"]}],
"4":[
{"repeats":"t15-indicators-avail-gt999"},
{"repeats":"t15-indicators-down-lt88"}],
"5":[
{"repeats":"t15-indicators-avail-gt999"},
{"repeats":"t15-indicators-down-lt88"}]},
"strict":{
"4":[
{"id":"t15-indicators-x-four-nines","en":"Availability above 99.99 % (annual downtime below 0.876 h).","zh":"可用性高于99.99%（全年停机少于0.876小时）。","kind":"measured","check":{"metric":"availability","scope":"critical","op":">","bar":"0.9999"}}],
"5":[
{"id":"t15-indicators-x-five-nines","en":"Availability above 99.999 % (annual downtime below 5.26 min).","zh":"可用性高于99.999%（全年停机少于5.26分钟）。","kind":"measured","check":{"metric":"availability","scope":"critical","op":">","bar":"0.99999"}}]}},
{
"id":"t15-mttr",
"name":{
"en":"Mean time to repair",
"zh":"MTTR"},
"mode":"additive",
"floor":"1",
"note":"mean over failure episodes that ended in W, open episodes count with the time elapsed so far; median and maximum are shown, not graded",
"levels":{
"1":[
{"id":"t15-mttr-ci-gt8h","en":"CI failures take more than 8 hours to repair on average.","zh":"持续集成故障平均8小时以上才修复。","kind":"descriptor"},
{"id":"t15-mttr-cd-gt8h","en":"CD failures take more than 8 hours to repair on average.","zh":"持续部署故障平均8小时以上才修复。","kind":"descriptor"},
{"id":"t15-mttr-platform-gt24h","en":"DevOps platform failures take more than 24 hours to repair on average.","zh":"研发运维平台故障平均24小时以上才修复。","kind":"descriptor"}],
"2":[
{"id":"t15-mttr-ci-lt8h","en":"CI failures are repaired in under 8 hours on average.","zh":"持续集成故障平均在8小时内修复。","kind":"measured","check":{"metric":"mttr_ci","op":"<","bar":"8h"}},
{"id":"t15-mttr-cd-lt8h","en":"CD failures are repaired in under 8 hours on average.","zh":"持续部署故障平均在8小时内修复。","kind":"measured","check":{"metric":"mttr_cd","op":"<","bar":"8h"}},
{"id":"t15-mttr-platform-lt24h","en":"DevOps platform failures are repaired in under 24 hours on average.","zh":"研发运维平台故障平均在24小时内修复。","kind":"measured","check":{"metric":"mttr_platform","op":"<","bar":"24h"}}],
"3":[
{"id":"t15-mttr-ci-lt4h","en":"CI failures are repaired in under 4 hours on average.","zh":"持续集成故障平均在4小时内修复。","kind":"measured","check":{"metric":"mttr_ci","op":"<","bar":"4h"},"supersedes":["t15-mttr-ci-lt8h"]},
{"id":"t15-mttr-cd-lt4h","en":"CD failures are repaired in under 4 hours on average.","zh":"持续部署故障平均在4小时内修复。","kind":"measured","check":{"metric":"mttr_cd","op":"<","bar":"4h"},"supersedes":["t15-mttr-cd-lt8h"]},
{"id":"t15-mttr-platform-lt8h","en":"DevOps platform failures are repaired in under 8 hours on average.","zh":"研发运维平台故障平均在8小时内修复。","kind":"measured","check":{"metric":"mttr_platform","op":"<","bar":"8h"},"supersedes":["t15-mttr-platform-lt24h"]}],
"4":[
{"id":"t15-mttr-ci-lt2h","en":"CI failures are repaired in under 2 hours on average.","zh":"持续集成故障平均在2小时内修复。","kind":"measured","check":{"metric":"mttr_ci","op":"<","bar":"2h"},"supersedes":["t15-mttr-ci-lt4h","t15-mttr-ci-lt8h"]},
{"id":"t15-mttr-cd-lt2h","en":"CD failures are repaired in under 2 hours on average.","zh":"持续部署故障平均在2小时内修复。","kind":"measured","check":{"metric":"mttr_cd","op":"<","bar":"2h"},"supersedes":["t15-mttr-cd-lt4h","t15-mttr-cd-lt8h"]},
{"id":"t15-mttr-platform-lt4h","en":"DevOps platform failures are repaired in under 4 hours on average.","zh":"研发运维平台故障平均在4小时内修复。","kind":"measured","check":{"metric":"mttr_platform","op":"<","bar":"4h"},"supersedes":["t15-mttr-platform-lt8h","t15-mttr-platform-lt24h"]}],
"5":[
{"id":"t15-mttr-ci-lt30m","en":"CI failures are repaired in under half an hour on average.","zh":"持续集成故障平均在半小时内修复。","kind":"measured","check":{"metric":"mttr_ci","op":"<","bar":"0.5h"},"supersedes":["t15-mttr-ci-lt2h","t15-mttr-ci-lt4h","t15-mttr-ci-lt8h"]},
{"id":"t15-mttr-cd-lt30m","en":"CD failures are repaired in under half an hour on average.","zh":"持续部署故障平均在半小时内修复。","kind":"measured","check":{"metric":"mttr_cd","op":"<","bar":"0.5h"},"supersedes":["t15-mttr-cd-lt2h","t15-mttr-cd-lt4h","t15-mttr-cd-lt8h"]},
{"id":"t15-mttr-platform-lt1h","en":"DevOps platform failures are repaired in under one hour on average.","zh":"研发运维平台故障平均在1小时内修复。","kind":"measured","check":{"metric":"mttr_platform","op":"<","bar":"1h"},"supersedes":["t15-mttr-platform-lt4h","t15-mttr-platform-lt8h","t15-mttr-platform-lt24h"]}]}}]},
{
"table":"16",
"id":"emergency-incident",
"section":"6.3",
"name":{
"en":"Emergency incident management",
"zh":"应急事件管理"},
"attested_by":[
"incident manager",
"head of service response team"],
"attested_by_zh":[
"事件经理",
"服务响应团队负责人"],
"evidence":"incident records, contingency plan register, duty roster",
"evidence_zh":"事件记录、应急预案登记、值班表",
"dimensions":[
{
"id":"t16-state",
"name":{
"en":"State of incident management",
"zh":"事件管理状态"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t16-state-blind","en":"No monitoring; users find incidents before staff; no response team, no records, no grades, no notice, no report; staff handle alone.","zh":"没有监控，用户先于员工发现事件；没有响应团队、记录、分级、通告与报告，各人独自处理。","kind":"descriptor"}],
"2":[
{"id":"t16-state-monitoring","en":"Monitoring exists.","zh":"已有监控。","kind":"measured","check":{"metric":"monitoring_sources","op":">=","bar":"1"}},
{"id":"t16-state-users-first","en":"Users still find incidents before staff.","zh":"事件仍由用户先发现。","kind":"descriptor"},
{"id":"t16-state-team","en":"An incident response team exists.","zh":"已有事件响应团队。","kind":"attested"},
{"id":"t16-state-registered","en":"Incidents are registered promptly.","zh":"事件得到及时登记。","kind":"measured","check":{"metric":"incident_registration_share","op":">=","bar":"$mostly"},"attestable":"true"},
{"id":"t16-state-notice-some","en":"Users are sometimes notified and reports sometimes made.","zh":"有时通知用户，有时出具报告。","kind":"measured","check":{"metric":"incident_notice_count","op":">=","bar":"1"},"attestable":"true"},
{"id":"t16-state-plans","en":"Contingency plans for faults exist.","zh":"已有故障应急预案。","kind":"measured","check":{"metric":"contingency_plan_count","op":">=","bar":"1"},"attestable":"true"}],
"3":[
{"repeats":"t16-state-monitoring"},
{"id":"t16-state-before-users","en":"Faults are found before users find them.","zh":"故障先于用户被发现。","kind":"measured","check":{"metric":"before_users_share","op":">=","bar":"$before_users_share"},"attestable":"true"},
{"id":"t16-state-grades","en":"Grades and handling requirements per grade are defined.","zh":"已定义事件等级与各级的处理要求。","kind":"measured","check":{"metric":"severity_complete_share","op":"==","bar":"1"},"attestable":"true"},
{"id":"t16-state-notice-timely","en":"Users are notified in time.","zh":"及时通知用户。","kind":"measured","check":{"metric":"user_notice_share","op":">=","bar":"$mostly"},"attestable":"true","supersedes":["t16-state-notice-some"]},
{"id":"t16-state-plan-first","en":"Contingency plans are used to restore the business first.","zh":"优先按预案恢复业务。","kind":"measured","check":{"metric":"plan_first_share","op":">=","bar":"$mostly"},"attestable":"true"},
{"id":"t16-state-cause-found","en":"The cause of the incident is found.","zh":"查明事件原因。","kind":"measured","check":{"metric":"root_cause_share","op":">=","bar":"$mostly"},"attestable":"true"}],
"4":[
{"id":"t16-state-early-warning","en":"Incidents are warned of automatically in advance.","zh":"事件能提前自动预警。","kind":"measured","check":{"metric":"early_warning_share","op":">","bar":"0"},"attestable":"true"},
{"id":"t16-state-norms","en":"Incident-management norms exist and are followed.","zh":"已有事件管理规范并得到遵守。","kind":"attested"},
{"id":"t16-state-all-scenarios","en":"Contingency plans cover every scenario.","zh":"预案覆盖全部场景。","kind":"measured","check":{"metric":"scenario_plan_coverage","op":"==","bar":"1"},"attestable":"true","supersedes":["t16-state-plans"]},
{"id":"t16-state-quick-by-plan","en":"Once an incident happens, business is restored quickly by plan and impact reduced.","zh":"事件发生后按预案迅速恢复业务，减小影响。","kind":"measured","check":{"metric":"quick_by_plan_share","op":">=","bar":"$mostly"},"attestable":"true","supersedes":["t16-state-plan-first"]}],
"5":[
{"repeats":"t16-state-early-warning"},
{"id":"t16-state-auto-diagnose","en":"Incidents are diagnosed automatically.","zh":"事件能自动诊断。","kind":"measured","check":{"metric":"auto_diagnosed_share","op":">=","bar":"$nearly_all"},"attestable":"true"},
{"id":"t16-state-auto-restore","en":"Incidents are repaired and business restored automatically by plan.","zh":"事件能按预案自动修复，业务自动恢复。","kind":"measured","check":{"metric":"auto_restored_share","op":">=","bar":"$nearly_all"},"attestable":"true","supersedes":["t16-state-quick-by-plan","t16-state-plan-first"]},
{"repeats":"t16-state-norms"},
{"repeats":"t16-state-all-scenarios"},
{"id":"t16-state-no-impact","en":"Incidents do not affect the business.","zh":"事件不影响业务。","kind":"measured","check":{"metric":"user_impact_total","op":"==","bar":"0m"},"attestable":"true"}]}},
{
"id":"t16-tools",
"name":{
"en":"Tools in the incident process",
"zh":"事件管理过程的工具手段"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t16-tools-none","en":"No tools in incident handling.","zh":"处理事件不用工具。","kind":"descriptor"}],
"2":[
{"id":"t16-tools-data","en":"Incident handling leaves data that can be analysed.","zh":"处理事件留下可供分析的数据。","kind":"measured","check":{"metric":"incident_timeline_share","op":">=","bar":"$mostly"},"attestable":"true"},
{"id":"t16-tools-auto-notice","en":"Notices and reports are sent by automated tools.","zh":"由自动化工具发送通知与报告。","kind":"measured","check":{"metric":"auto_notifications","op":">=","bar":"1"},"attestable":"true"}],
"3":[
{"id":"t16-tools-correlate","en":"Handling data can be correlated and analysed.","zh":"处理数据可以关联分析。","kind":"attested","supersedes":["t16-tools-data"]},
{"id":"t16-tools-collaborate","en":"Collaboration tools are used to handle incidents jointly.","zh":"用协作工具共同处理事件。","kind":"attested"}],
"4":[
{"id":"t16-tools-warn-means","en":"Means of automatic early warning exist.","zh":"具备自动预警手段。","kind":"measured","check":{"metric":"predictive_rules","op":">=","bar":"1"},"attestable":"true"},
{"id":"t16-tools-automation","en":"Automated tools work in the handling process.","zh":"处理过程中使用自动化工具。","kind":"measured","check":{"metric":"automated_action_incidents","op":">=","bar":"1"},"attestable":"true"}],
"5":[
{"id":"t16-tools-learn","en":"Warning, diagnosis and repair are driven by past monitoring data.","zh":"依据历史监控数据进行预警、诊断与修复。","kind":"attested","supersedes":["t16-tools-warn-means"]},
{"id":"t16-tools-full-record","en":"The whole handling process is managed and recorded.","zh":"处理的全过程得到管理与记录。","kind":"measured","check":{"metric":"lifecycle_complete_share","op":"==","bar":"1"},"attestable":"true","supersedes":["t16-tools-data"]}]}},
{
"id":"t16-visibility",
"name":{
"en":"Visibility",
"zh":"可视化"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t16-visibility-closed","en":"Course and state of an incident stay with the person handling it.","zh":"事件的过程与状态只有处理人知道。","kind":"descriptor"}],
"2":[
{"id":"t16-visibility-team-visible","en":"Course and state are visible in the team.","zh":"过程与状态在团队内可见。","kind":"attested"},
{"id":"t16-visibility-with-dev","en":"Incidents are handled together with development.","zh":"与研发共同处理事件。","kind":"attested"}],
"3":[
{"repeats":"t16-visibility-team-visible"},
{"id":"t16-visibility-shared-metrics","en":"Operations and development share measures.","zh":"运维与研发共用指标。","kind":"attested"},
{"id":"t16-visibility-fast-with-dev","en":"Business is restored quickly together with development.","zh":"与研发一起迅速恢复业务。","kind":"attested","supersedes":["t16-visibility-with-dev"]}],
"4":[
{"repeats":"t16-visibility-team-visible"},
{"id":"t16-visibility-trend","en":"Process information is analysed for trends.","zh":"对过程信息做趋势分析。","kind":"attested"}],
"5":[
{"repeats":"t16-visibility-team-visible"},
{"id":"t16-visibility-evaluate","en":"Process information is analysed, evaluated as a whole and used to optimise.","zh":"对过程信息做分析与综合评价，并用于优化。","kind":"attested","supersedes":["t16-visibility-trend"]}]}},
{
"id":"t16-people",
"name":{
"en":"People",
"zh":"人员"},
"mode":"additive",
"floor":"1",
"levels":{
"1":[
{"id":"t16-people-dev-only","en":"No response team; developers deal with problems.","zh":"没有响应团队，问题由研发处理。","kind":"descriptor"}],
"2":[
{"id":"t16-people-team-5x8","en":"A service response team answers in 5 x 8 hours, staffed part-time by developers.","zh":"服务响应团队按5×8值守，由研发人员兼任。","kind":"measured","check":{"metric":"duty_coverage","pattern":"5x8","op":"==","bar":"1"},"attestable":"true"}],
"3":[
{"id":"t16-people-pro-5x8","en":"A professional team answers in 5 x 8 hours for the main business; developers do most of the handling.","zh":"主要业务有专业团队按5×8值守，处理仍多由研发完成。","kind":"measured","check":{"metric":"duty_coverage","pattern":"5x8","dedication":"full_time","op":"==","bar":"1"},"attestable":"true","supersedes":["t16-people-team-5x8"]}],
"4":[
{"id":"t16-people-pro-24x7","en":"A professional team answers round the clock and handles part of the incidents itself.","zh":"专业团队全天候值守，并自行处理一部分事件。","kind":"measured","check":{"metric":"duty_coverage","pattern":"24x7","dedication":"full_time","op":"==","bar":"1"},"attestable":"true","supersedes":["t16-people-pro-5x8","t16-people-team-5x8"]}],
"5":[
{"repeats":"t16-people-pro-24x7"},
{"id":"t16-people-one-touch","en":"The team handles incidents at once with intelligent one-touch tools.","zh":"团队用智能的一键工具即时处理事件。","kind":"measured","check":{"metric":"one_touch_share","op":">=","bar":"$mostly"},"attestable":"true"}]}}]},
{
"table":"17",
"id":"business-awareness",
"section":"7.1",
"name":{
"en":"Business awareness",
"zh":"业务认知"},
"attested_by":[
"product operations owner"],
"attested_by_zh":[
"产品运营负责人"],
"evidence":"training record or assessment",
"evidence_zh":"培训记录或考核结果",
"dimensions":[
{
"id":"t17-process",
"name":{
"en":"Business processes",
"zh":"业务流程"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t17-process-unknown","en":"Business processes are not known.","zh":"不了解业务流程。","kind":"descriptor"}],
"2":[
{"id":"t17-process-known","en":"Business processes are known.","zh":"了解业务流程。","kind":"attested"}],
"3":[
{"id":"t17-process-core","en":"Core business processes are mastered.","zh":"掌握核心业务流程。","kind":"attested"}],
"4":[
{"id":"t17-process-core-expert","en":"Core business processes are known in depth.","zh":"深入掌握核心业务流程。","kind":"attested"}],
"5":[
{"id":"t17-process-all-expert","en":"All business processes are known in depth.","zh":"深入掌握全部业务流程。","kind":"attested"}]}},
{
"id":"t17-knowledge",
"name":{
"en":"Business knowledge",
"zh":"业务知识"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t17-knowledge-unfamiliar","en":"Product and trade are unfamiliar.","zh":"不熟悉产品和行业。","kind":"descriptor"}],
"2":[
{"id":"t17-knowledge-trained","en":"Basic training, some grasp of the product.","zh":"受过基本培训，对产品有一定了解。","kind":"attested"}],
"3":[
{"id":"t17-knowledge-fair","en":"A fairly full grasp, enough to settle business problems sensibly.","zh":"了解较全面，足以合理解决业务问题。","kind":"attested"}],
"4":[
{"id":"t17-knowledge-deep","en":"Deep understanding and study, with an eye on competing products.","zh":"理解深入并持续研究，关注竞品。","kind":"attested"}],
"5":[
{"id":"t17-knowledge-trade","en":"Mastery of the trade, technical improvement raises the business.","zh":"精通行业，以技术改进带动业务提升。","kind":"attested"}]}},
{
"id":"t17-tools",
"name":{
"en":"Tools",
"zh":"工具"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t17-tools-none","en":"No user-experience tools.","zh":"没有用户体验工具。","kind":"descriptor"}],
"2":[
{"id":"t17-tools-simple","en":"Simple monitoring tools are used to look for experience problems.","zh":"用简单的监控工具查找体验问题。","kind":"attested"}],
"3":[
{"id":"t17-tools-broad","en":"Fairly broad monitoring, still simple for experience.","zh":"监控较为全面，但对体验仍较简单。","kind":"attested"}],
"4":[
{"id":"t17-tools-dedicated","en":"Dedicated experience tools find common problems.","zh":"以专门的体验工具发现常见问题。","kind":"attested"}],
"5":[
{"id":"t17-tools-intelligent","en":"Intelligent experience tools locate most problems.","zh":"以智能体验工具定位大部分问题。","kind":"attested"}]}},
{
"id":"t17-people",
"name":{
"en":"People",
"zh":"人员"},
"mode":"restating",
"floor":"2",
"alike":[
[
"1",
"2"]],
"levels":{
"1":[
{"id":"t17-people-none","en":"Nobody improves user experience.","zh":"没有人负责改善用户体验。","kind":"descriptor"}],
"2":[
{"repeats":"t17-people-none"}],
"3":[
{"id":"t17-people-little","en":"A little effort goes into experience work.","zh":"在体验工作上投入少量精力。","kind":"attested"}],
"4":[
{"id":"t17-people-assigned","en":"People are assigned to experience improvement.","zh":"指定人员负责体验改善。","kind":"attested"}],
"5":[
{"id":"t17-people-team","en":"A dedicated experience team exists.","zh":"设有专门的体验团队。","kind":"attested"}]}}]},
{
"table":"18",
"id":"ux-data",
"section":"7.2",
"name":{
"en":"User data management",
"zh":"数据管理"},
"attested_by":[
"product operations owner"],
"attested_by_zh":[
"产品运营负责人"],
"evidence":"data platform documentation",
"evidence_zh":"数据平台文档",
"dimensions":[
{
"id":"t18-collection",
"name":{
"en":"Data collection",
"zh":"数据采集"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t18-collection-none","en":"No collection ability.","zh":"不具备采集能力。","kind":"descriptor"}],
"2":[
{"id":"t18-collection-usual","en":"Ordinary user data is collected.","zh":"采集常规用户数据。","kind":"attested"}],
"3":[
{"id":"t18-collection-multi","en":"User data is collected along several dimensions, without clear aim.","zh":"多维度采集用户数据，但目的不明确。","kind":"attested"}],
"4":[
{"id":"t18-collection-standard","en":"Collection follows a standard with format and aim.","zh":"按规范采集，格式与目的明确。","kind":"attested"}],
"5":[
{"id":"t18-collection-targeted","en":"Collection can be steered and is limited to target users, to the standard.","zh":"采集可控，限定于目标用户并符合规范。","kind":"attested"}]}},
{
"id":"t18-monitoring",
"name":{
"en":"Data monitoring",
"zh":"数据监控"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t18-monitoring-none","en":"No data monitoring.","zh":"没有数据监控。","kind":"descriptor"}],
"2":[
{"id":"t18-monitoring-usual","en":"Ordinary data monitoring.","zh":"有常规数据监控。","kind":"attested"}],
"3":[
{"id":"t18-monitoring-typical","en":"Typical user scenarios are monitored, much data is not.","zh":"监控典型用户场景，仍有大量数据未监控。","kind":"attested"}],
"4":[
{"id":"t18-monitoring-standard","en":"Standard user scenarios are monitored with targeted alerts.","zh":"监控标准用户场景，并有针对性告警。","kind":"attested"}],
"5":[
{"id":"t18-monitoring-precise","en":"Alerts are precise for given operations of a class of target users.","zh":"对某类目标用户的特定操作能精确告警。","kind":"attested"}]}},
{
"id":"t18-analysis",
"name":{
"en":"Data analysis",
"zh":"数据分析"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t18-analysis-none","en":"No analysis ability.","zh":"不具备分析能力。","kind":"descriptor"}],
"2":[
{"id":"t18-analysis-stats","en":"Simple statistics.","zh":"能做简单统计。","kind":"attested"}],
"3":[
{"id":"t18-analysis-first","en":"Large data begins to gather, first analysis ability.","zh":"开始汇聚大量数据，初具分析能力。","kind":"attested"}],
"4":[
{"id":"t18-analysis-charts","en":"Analysis with charts, guiding collection and improvement.","zh":"能以图表分析，指导采集与改进。","kind":"attested"}],
"5":[
{"id":"t18-analysis-labels","en":"Full analysis, giving user-experience labels.","zh":"分析能力完整，可给出用户体验标签。","kind":"attested"}]}},
{
"id":"t18-tools",
"name":{
"en":"Tools",
"zh":"工具"},
"mode":"restating",
"floor":"2",
"levels":{
"1":[
{"id":"t18-tools-none","en":"No data tools.","zh":"没有数据工具。","kind":"descriptor"}],
"2":[
{"id":"t18-tools-simple","en":"None or simple open-source tools.","zh":"没有工具，或只有简单的开源工具。","kind":"descriptor","note":"allows none, so it asks nothing beyond level 1"}],
"3":[
{"id":"t18-tools-fair","en":"Fairly complete data tools.","zh":"数据工具较为齐全。","kind":"attested"}],
"4":[
{"id":"t18-tools-platform","en":"A professional data platform with analysis.","zh":"有具备分析能力的专业数据平台。","kind":"attested"}],
"5":[
{"id":"t18-tools-mining","en":"Data and data-mining platforms with AI algorithms.","zh":"有数据平台与数据挖掘平台，并具备智能算法。","kind":"attested"}]}},
{
"id":"t18-people",
"name":{
"en":"People",
"zh":"人员"},
"mode":"restating",
"floor":"1",
"alike":[
[
"2",
"3"]],
"levels":{
"1":[
{"id":"t18-people-none","en":"No data staff.","zh":"没有数据人员。","kind":"descriptor"}],
"2":[
{"id":"t18-people-few","en":"A few people build, maintain and count.","zh":"少数人员负责搭建、维护和统计。","kind":"attested"}],
"3":[
{"repeats":"t18-people-few"}],
"4":[
{"id":"t18-people-dedicated","en":"Dedicated people develop, tune and maintain the platform.","zh":"有专人开发、调优和维护平台。","kind":"attested"}],
"5":[
{"id":"t18-people-team","en":"Dedicated people and teams develop, tune and maintain.","zh":"有专人和专门团队开发、调优和维护。","kind":"attested"}]}}]},
{
"table":"19",
"id":"ux-optimisation",
"section":"7.3",
"name":{
"en":"Experience optimisation",
"zh":"体验优化"},
"attested_by":[
"product operations owner"],
"attested_by_zh":[
"产品运营负责人"],
"evidence":"experience incident records",
"evidence_zh":"体验类事件记录",
"dimensions":[
{
"id":"t19-discovery",
"name":{
"en":"Experience anomaly discovery",
"zh":"体验异常发现"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t19-discovery-none","en":"Anomalies are not told apart and cannot be found.","zh":"异常未作区分，无法发现。","kind":"descriptor"}],
"2":[
{"id":"t19-discovery-logs","en":"Basic log classes and exception records let problems be found and solved.","zh":"有基本的日志分类与异常记录，问题可发现、可解决。","kind":"attested"}],
"3":[
{"id":"t19-discovery-active","en":"Active monitoring finds and handles common problems in time.","zh":"主动监控，及时发现并处理常见问题。","kind":"attested"}],
"4":[
{"id":"t19-discovery-early","en":"Anomalies are clearly classed, found early and with good precision.","zh":"异常分类清晰，发现早、准确率高。","kind":"attested"}],
"5":[
{"id":"t19-discovery-predictive","en":"Large-scale collection and algorithms predict problems and fix them beforehand.","zh":"借助大规模采集与算法预测问题并提前修复。","kind":"attested"}]}},
{
"id":"t19-location",
"name":{
"en":"Experience anomaly location",
"zh":"体验异常定位"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t19-location-none","en":"Operations skill cannot locate experience anomalies.","zh":"运维能力不足以定位体验异常。","kind":"descriptor"}],
"2":[
{"id":"t19-location-simple","en":"Simple anomalies can be located.","zh":"能定位简单异常。","kind":"attested"}],
"3":[
{"id":"t19-location-complex","en":"Complex anomalies can be located.","zh":"能定位复杂异常。","kind":"attested"}],
"4":[
{"id":"t19-location-in-out","en":"Problems inside and outside the system can be located in complex settings.","zh":"在复杂环境中能定位系统内外的问题。","kind":"attested"}],
"5":[
{"id":"t19-location-foreseen","en":"Possible problems inside and outside the system can be foreseen.","zh":"能预见系统内外可能出现的问题。","kind":"attested"}]}},
{
"id":"t19-decision",
"name":{
"en":"Experience anomaly decision",
"zh":"体验异常决策"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t19-decision-none","en":"No decision ability.","zh":"不具备决策能力。","kind":"descriptor"}],
"2":[
{"id":"t19-decision-shows-cause","en":"No decision, but causes are shown.","zh":"不做决策，但能展示原因。","kind":"attested"}],
"3":[
{"id":"t19-decision-suggests","en":"No decision, but a solution is suggested.","zh":"不做决策，但能建议解决方案。","kind":"attested"}],
"4":[
{"id":"t19-decision-advises","en":"Decision ability for reference, without execution.","zh":"能给出供参考的决策，但不执行。","kind":"attested"}],
"5":[
{"id":"t19-decision-executes","en":"Decides and executes.","zh":"能决策并执行。","kind":"attested"}]}},
{
"id":"t19-repair",
"name":{
"en":"Experience anomaly repair",
"zh":"体验异常修复"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t19-repair-none","en":"No repair ability.","zh":"不具备修复能力。","kind":"descriptor"}],
"2":[
{"id":"t19-repair-manual","en":"Simple anomalies are repaired by hand.","zh":"简单异常由人工修复。","kind":"attested"}],
"3":[
{"id":"t19-repair-tools","en":"Common anomalies are repaired with standard tools.","zh":"常见异常用标准工具修复。","kind":"attested"}],
"4":[
{"id":"t19-repair-started","en":"Automatic tools, started by hand, repair common anomalies.","zh":"由人启动自动化工具修复常见异常。","kind":"attested"}],
"5":[
{"id":"t19-repair-automatic","en":"Repair starts and runs automatically.","zh":"修复自动启动、自动完成。","kind":"attested"}]}},
{
"id":"t19-tools",
"name":{
"en":"Tools",
"zh":"工具"},
"mode":"restating",
"floor":"1",
"levels":{
"1":[
{"id":"t19-tools-none","en":"No tools to find or repair experience problems.","zh":"没有发现或修复体验问题的工具。","kind":"descriptor"}],
"2":[
{"id":"t19-tools-simple","en":"Simple monitoring tools are used to look for experience problems.","zh":"用简单的监控工具查找体验问题。","kind":"attested"}],
"3":[
{"id":"t19-tools-broad","en":"Fairly broad monitoring, still simple for experience.","zh":"监控较为全面，但对体验仍较简单。","kind":"attested"}],
"4":[
{"id":"t19-tools-dedicated","en":"Dedicated experience tools find common problems.","zh":"以专门的体验工具发现常见问题。","kind":"attested"}],
"5":[
{"id":"t19-tools-intelligent","en":"Intelligent experience tools locate most problems.","zh":"以智能体验工具定位大部分问题。","kind":"attested"}]}},
{
"id":"t19-people",
"name":{
"en":"People",
"zh":"人员"},
"mode":"restating",
"floor":"2",
"alike":[
[
"1",
"2"]],
"levels":{
"1":[
{"id":"t19-people-none","en":"Nobody improves user experience.","zh":"没有人负责改善用户体验。","kind":"descriptor"}],
"2":[
{"inherits":"t19-people-none"}],
"3":[
{"id":"t19-people-little","en":"A little effort goes into experience work.","zh":"在体验工作上投入少量精力。","kind":"attested"}],
"4":[
{"id":"t19-people-assigned","en":"People are assigned to experience improvement.","zh":"指定人员负责体验改善。","kind":"attested"}],
"5":[
{"id":"t19-people-team","en":"A dedicated experience team exists.","zh":"设有专门的体验团队。","kind":"attested"}]}}]},
{
"table":"20",
"id":"iaas-control",
"section":"8.2",
"name":{
"en":"Unified IaaS control",
"zh":"IaaS统一管控能力"},
"attested_by":[
"platform owner"],
"attested_by_zh":[
"平台负责人"],
"evidence":"platform documentation",
"evidence_zh":"平台文档",
"dimensions":[
{
"id":"t20-cross-cloud",
"name":{
"en":"Cross-cloud management",
"zh":"跨云管理能力"},
"mode":"restating",
"floor":"0",
"note":"level 2 (public) does not contain level 1 (private); level 3 says public or private; only levels 4 and 5 are hybrid",
"levels":{
"1":[
{"id":"t20-cross-cloud-private","en":"A limited number of private-cloud nodes is controlled.","zh":"可管控有限数量的私有云节点。","kind":"attested"}],
"2":[
{"id":"t20-cross-cloud-public","en":"A limited number of public-cloud nodes is controlled.","zh":"可管控有限数量的公有云节点。","kind":"attested"}],
"3":[
{"id":"t20-cross-cloud-mass-single","en":"Very many nodes of a public or a private cloud are controlled.","zh":"可管控海量的公有云或私有云节点。","kind":"attested"}],
"4":[
{"id":"t20-cross-cloud-hybrid","en":"A limited number of hybrid-cloud nodes is controlled.","zh":"可管控有限数量的混合云节点。","kind":"attested"}],
"5":[
{"id":"t20-cross-cloud-mass-hybrid","en":"Very many hybrid-cloud nodes are controlled.","zh":"可管控海量的混合云节点。","kind":"attested"}]}},
{
"id":"t20-file-transfer",
"name":{
"en":"File transfer",
"zh":"文件传输类型"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t20-file-transfer-direct-file","en":"Files are sent directly only.","zh":"只能直接传输文件。","kind":"attested"}],
"2":[
{"id":"t20-file-transfer-direct-dir","en":"Files and directories are sent directly.","zh":"可直接传输文件和目录。","kind":"attested"}],
"3":[
{"id":"t20-file-transfer-bt-large","en":"Large files and directories go peer to peer.","zh":"大文件与大目录以点对点方式传输。","kind":"attested"}],
"4":[
{"id":"t20-file-transfer-smart","en":"Direct or peer to peer is chosen by file, with pattern matching.","zh":"按文件自动选择直传或点对点，并支持模式匹配。","kind":"attested"}],
"5":[
{"id":"t20-file-transfer-smart-region","en":"Smart peer-to-peer with pattern matching, link control per region and crossing of regions.","zh":"智能点对点传输，支持模式匹配、分区域链路控制与跨区域传输。","kind":"attested"}]}},
{
"id":"t20-exec",
"name":{
"en":"Task execution",
"zh":"执行任务类型"},
"mode":"additive",
"floor":"0",
"levels":{
"1":[
{"id":"t20-exec-bash","en":"Ordinary Bash commands run on Linux, weak in bulk.","zh":"可在 Linux 上执行普通 Bash 命令，批量能力较弱。","kind":"attested"}],
"2":[
{"id":"t20-exec-bash-bulk","en":"Bash commands run well in bulk.","zh":"批量执行 Bash 命令的能力良好。","kind":"attested","supersedes":["t20-exec-bash"]}],
"3":[
{"id":"t20-exec-other-scripts","en":"Other scripting languages on Linux run too.","zh":"还可执行 Linux 上的其他脚本语言。","kind":"attested"}],
"4":[
{"id":"t20-exec-windows","en":"Windows batch or PowerShell runs too.","zh":"还可执行 Windows 批处理或 PowerShell。","kind":"attested"}],
"5":[
{"inherits":"t20-exec-windows"},
{"id":"t20-exec-aix","en":"The AIX shell runs too.","zh":"还可执行 AIX 的 shell。","kind":"attested"}]}},
{
"id":"t20-collect",
"name":{
"en":"Data collection service",
"zh":"数据采集服务"},
"mode":"restating",
"floor":"0",
"note":"level 5 no longer names the service discovery of level 4",
"levels":{
"1":[
{"id":"t20-collect-fixed","en":"Fixed fields are collected and reported.","zh":"采集并上报固定字段。","kind":"attested"}],
"2":[
{"id":"t20-collect-custom","en":"Collection can be customised.","zh":"采集内容可自定义。","kind":"attested"}],
"3":[
{"id":"t20-collect-plugins","en":"Custom collection with plug-in collectors.","zh":"自定义采集，并支持插件式采集器。","kind":"attested"}],
"4":[
{"id":"t20-collect-discovery","en":"As level 3 with self-service discovery.","zh":"在三级之上，支持自助发现。","kind":"attested"}],
"5":[
{"id":"t20-collect-snapshot","en":"Custom collection, plug-ins, live snapshots and dynamic load balancing.","zh":"支持自定义采集、插件、实时快照和动态负载均衡。","kind":"attested"}]}}]},
{
"table":"21",
"id":"atomic-platform",
"section":"8.3",
"name":{
"en":"Atomic platform capability",
"zh":"原子平台能力"},
"attested_by":[
"platform owner"],
"attested_by_zh":[
"平台负责人"],
"evidence":"platform documentation",
"evidence_zh":"平台文档",
"dimensions":[
{
"id":"t21-cmdb",
"name":{
"en":"Configuration database",
"zh":"CMDB"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t21-cmdb-hosts","en":"Host resources per business are managed.","zh":"按业务管理主机资源。","kind":"attested"}],
"2":[
{"id":"t21-cmdb-topology","en":"As level 1, plus business topology and business management.","zh":"在一级之上，增加业务拓扑与业务管理。","kind":"attested"}],
"3":[
{"id":"t21-cmdb-attributes","en":"As level 2, plus custom attributes, process ports, configuration files and operation audit.","zh":"在二级之上，增加自定义属性、进程端口、配置文件和操作审计。","kind":"attested"}],
"4":[
{"id":"t21-cmdb-models","en":"As level 3, plus custom models and adjustable business hierarchy.","zh":"在三级之上，增加自定义模型，业务层级可调整。","kind":"attested"}],
"5":[
{"id":"t21-cmdb-discovery","en":"As level 4, plus live discovery of topology.","zh":"在四级之上，增加拓扑的实时发现。","kind":"attested"}]}},
{
"id":"t21-jobs",
"name":{
"en":"Job function",
"zh":"作业功能"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t21-jobs-concurrent","en":"A number of scripts and transfers run at once.","zh":"可同时执行若干脚本和传输任务。","kind":"attested"}],
"2":[
{"id":"t21-jobs-web-scripts","en":"As level 1, with web script management.","zh":"在一级之上，可在网页上管理脚本。","kind":"attested"}],
"3":[
{"id":"t21-jobs-orchestration","en":"As level 2, with job orchestration.","zh":"在二级之上，支持作业编排。","kind":"attested"}],
"4":[
{"id":"t21-jobs-many-to-many","en":"As level 3, transfers many-to-many and many-to-one.","zh":"在三级之上，支持多对多、多对一传输。","kind":"attested"}],
"5":[
{"id":"t21-jobs-mass","en":"As level 4, for very many nodes.","zh":"在四级之上，支持海量节点。","kind":"attested"}]}},
{
"id":"t21-data-platform",
"name":{
"en":"Operations data platform",
"zh":"运维数据平台"},
"mode":"restating",
"floor":"2",
"alike":[
[
"1",
"2"]],
"levels":{
"1":[
{"id":"t21-data-platform-na","en":"Not applicable.","zh":"不适用。","kind":"descriptor","not_applicable":"true"}],
"2":[
{"repeats":"t21-data-platform-na"}],
"3":[
{"id":"t21-data-platform-ingest","en":"Uniform data intake and visually configured computing tasks.","zh":"数据统一接入，计算任务可视化配置。","kind":"attested"}],
"4":[
{"id":"t21-data-platform-query","en":"As level 3, plus storage and query of operations data.","zh":"在三级之上，支持运维数据的存储与查询。","kind":"attested"}],
"5":[
{"id":"t21-data-platform-modelling","en":"As level 4, plus visual modelling.","zh":"在四级之上，支持可视化建模。","kind":"attested"}]}},
{
"id":"t21-containers",
"name":{
"en":"Container management",
"zh":"容器管理"},
"mode":"restating",
"floor":"2",
"alike":[
[
"1",
"2"]],
"levels":{
"1":[
{"id":"t21-containers-na","en":"Not applicable.","zh":"不适用。","kind":"descriptor","not_applicable":"true"}],
"2":[
{"repeats":"t21-containers-na"}],
"3":[
{"id":"t21-containers-orchestration","en":"Application store, orchestration and scheduling, consistent environments.","zh":"具备应用商店、编排与调度，各环境保持一致。","kind":"attested"}],
"4":[
{"id":"t21-containers-network","en":"As level 3, plus container networking.","zh":"在三级之上，增加容器网络。","kind":"attested"}],
"5":[
{"id":"t21-containers-security","en":"As level 4, plus container security and joint monitoring and log search.","zh":"在四级之上，增加容器安全以及监控与日志的联合检索。","kind":"attested"}]}},
{
"id":"t21-mining",
"name":{
"en":"Data mining",
"zh":"数据挖掘"},
"mode":"restating",
"floor":"3",
"alike":[
[
"1",
"2",
"3"]],
"levels":{
"1":[
{"id":"t21-mining-na","en":"Not applicable.","zh":"不适用。","kind":"descriptor","not_applicable":"true"}],
"2":[
{"repeats":"t21-mining-na"}],
"3":[
{"repeats":"t21-mining-na"}],
"4":[
{"id":"t21-mining-modelling","en":"Drag-and-drop modelling, interactive tuning, automatic evaluation, training runs managed.","zh":"拖拽建模、交互调参、自动评估，并管理训练任务。","kind":"attested"}],
"5":[
{"id":"t21-mining-scenarios","en":"As level 4, plus shared scenario models.","zh":"在四级之上，提供可共享的场景模型。","kind":"attested"}]}}]},
{
"table":"22",
"id":"paas",
"section":"8.4",
"name":{
"en":"PaaS capability",
"zh":"PaaS能力"},
"attested_by":[
"platform owner"],
"attested_by_zh":[
"平台负责人"],
"evidence":"platform documentation",
"evidence_zh":"平台文档",
"dimensions":[
{
"id":"t22-ipaas",
"name":{
"en":"Integration platform",
"zh":"IPaaS"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t22-ipaas-bus","en":"A service bus.","zh":"具备服务总线。","kind":"attested"}],
"2":[
{"id":"t22-ipaas-gateway","en":"As level 1, plus an API gateway.","zh":"在一级之上，增加 API 网关。","kind":"attested"}],
"3":[
{"id":"t22-ipaas-scheduler","en":"As level 2, plus a scheduling engine.","zh":"在二级之上，增加调度引擎。","kind":"attested"}],
"4":[
{"id":"t22-ipaas-throttling","en":"As level 3, plus rate limits and protection against brute force.","zh":"在三级之上，增加限流与防暴力破解。","kind":"attested"}],
"5":[
{"id":"t22-ipaas-components","en":"Bus, gateway, scheduler and many common components.","zh":"具备总线、网关、调度引擎以及多种通用组件。","kind":"attested"}]}},
{
"id":"t22-apaas",
"name":{
"en":"Application platform",
"zh":"APaaS"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t22-apaas-framework","en":"Common open development frameworks are supported.","zh":"支持常用的开源开发框架。","kind":"attested"}],
"2":[
{"id":"t22-apaas-vm-hosting","en":"As level 1, with maintenance-free hosting on virtual machines.","zh":"在一级之上，支持虚拟机免运维托管。","kind":"attested"}],
"3":[
{"id":"t22-apaas-container-hosting","en":"As level 1, with maintenance-free hosting on containers.","zh":"在一级之上，支持容器免运维托管。","kind":"attested"}],
"4":[
{"id":"t22-apaas-auto-release","en":"As level 3, with fully automatic release.","zh":"在三级之上，发布全自动。","kind":"attested"}],
"5":[
{"id":"t22-apaas-visual","en":"As level 4, with visible running data.","zh":"在四级之上，运行数据可视化。","kind":"attested"}]}}]},
{
"table":"23",
"id":"ops-scenarios",
"section":"8.5",
"name":{
"en":"Operations scenarios",
"zh":"运维场景能力"},
"attested_by":[
"platform owner"],
"attested_by_zh":[
"平台负责人"],
"evidence":"platform documentation",
"evidence_zh":"平台文档",
"dimensions":[
{
"id":"t23-monitoring",
"name":{
"en":"Monitoring capability",
"zh":"监控能力"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t23-monitoring-basic","en":"Basic indicators (processor, memory, disk, network card) are monitored.","zh":"监控基础指标（处理器、内存、磁盘、网卡）。","kind":"attested"}],
"2":[
{"id":"t23-monitoring-components","en":"As level 1, plus common components.","zh":"在一级之上，监控常用组件。","kind":"attested"}],
"3":[
{"id":"t23-monitoring-business","en":"As level 2, plus business traits (processes, sign-ups, users online).","zh":"在二级之上，监控业务特征（进程、注册量、在线人数）。","kind":"attested"}],
"4":[
{"id":"t23-monitoring-root-cause","en":"As level 3, plus correlation and root-cause analysis.","zh":"在三级之上，能做关联与根因分析。","kind":"attested"}],
"5":[
{"id":"t23-monitoring-self-heal","en":"As level 4, with intelligent root cause and self-healing.","zh":"在四级之上，能智能定位根因并自愈。","kind":"attested","corroborated_by":{"metric":"auto_restored_incidents","op":">=","bar":"1"}}]}},
{
"id":"t23-automation",
"name":{
"en":"Operations automation",
"zh":"自动化运维能力"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t23-automation-basic","en":"Basic operations are automated (release, log viewing, data extraction).","zh":"基础操作已自动化（发布、查看日志、提取数据）。","kind":"attested"}],
"2":[
{"id":"t23-automation-cicd","en":"Build, deployment, test and versions run as CI/CD.","zh":"构建、部署、测试与版本以 CI/CD 方式运行。","kind":"measured","check":[{"metric":"ci_run_count","op":">","bar":"0"},{"metric":"cd_run_count","op":">","bar":"0"}],"attestable":"true"}],
"3":[
{"id":"t23-automation-cross-system","en":"Cross-system flows run automatically by orchestration.","zh":"跨系统流程经编排自动执行。","kind":"attested"}],
"4":[
{"id":"t23-automation-unattended","en":"Whole flows run unattended (for example automatic scaling).","zh":"完整流程无人值守（例如自动扩缩容）。","kind":"attested"}],
"5":[
{"id":"t23-automation-ai","en":"Whole flows run unattended on decisions by AI.","zh":"完整流程由智能决策驱动，无人值守。","kind":"attested"}]}},
{
"id":"t23-itsm",
"name":{
"en":"Service management",
"zh":"ITSM管理能力"},
"mode":"restating",
"floor":"0",
"levels":{
"1":[
{"id":"t23-itsm-tickets","en":"Simple operations tickets.","zh":"有简单的运维工单。","kind":"attested"}],
"2":[
{"id":"t23-itsm-permissions","en":"Tickets plus requests for permissions.","zh":"有工单，并支持权限申请。","kind":"attested"}],
"3":[
{"id":"t23-itsm-itil","en":"ITIL-style incident, problem, change, capacity and cost management.","zh":"具备符合 ITIL 思路的事件、问题、变更、容量与成本管理。","kind":"attested"}],
"4":[
{"id":"t23-itsm-driven","en":"Processes and automation are merged; automation opens tickets and drives flows.","zh":"流程与自动化融合，由自动化开单并驱动流程。","kind":"measured","check":{"metric":"automation_opened_count","op":">=","bar":"1"},"attestable":"true"}],
"5":[
{"id":"t23-itsm-ai","en":"As level 4, with AI improving processes and recommending measures.","zh":"在四级之上，以智能手段改进流程并推荐措施。","kind":"attested"}]}},
{
"id":"t23-analysis",
"name":{
"en":"Operations analysis",
"zh":"运营分析能力"},
"mode":"restating",
"floor":"2",
"alike":[
[
"1",
"2"]],
"levels":{
"1":[
{"id":"t23-analysis-na","en":"Not applicable.","zh":"不适用。","kind":"descriptor","not_applicable":"true"}],
"2":[
{"repeats":"t23-analysis-na"}],
"3":[
{"id":"t23-analysis-charts","en":"Ordinary business data is shown in charts.","zh":"以图表展示常规业务数据。","kind":"attested"}],
"4":[
{"id":"t23-analysis-advice","en":"Business indicators are shown in detail, with advice by indicator range.","zh":"细致展示业务指标，并按指标区间给出建议。","kind":"attested"}],
"5":[
{"id":"t23-analysis-lifecycle","en":"The whole business life cycle and every user step is shown, with AI recommending measures and reviews.","zh":"展示业务全生命周期与用户每一步操作，由智能手段推荐措施并复盘。","kind":"attested"}]}}]}]}
"""###
}
