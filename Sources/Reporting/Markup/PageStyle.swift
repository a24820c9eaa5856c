// SPDX-License-Identifier: Apache-2.0

/// The one look of every page: calm, printable, legible in light and dark, without script or network.
enum PageStyle {
    /// Colours never carry a meaning alone: each verdict has a sign and a word, each unknown a hatch.
    static let sheet = Markup(
        literal: """
            <style>
            :root{color-scheme:light dark;--paper:#fff;--ground:#f4f5f3;--ink:#1d2529;--soft:#5b666b;--rule:#dcdfdc;
            --accent:#23536e;--good:#1d6b4f;--good-bg:#e3f1ea;--bad:#a63420;--bad-bg:#fae8e3;--doubt:#805a00;--doubt-bg:#fbf1d6;
            --c-prepare:#9aa5a8;--c-disrupt:#c2573f;--c-detect:#b98a2c;--c-decide:#8466a3;--c-recover:#2f6f94;--c-validate:#2b8063;--c-work:#5f8a3c;--c-protect:#4a6fa0;--c-return:#6f7d83}
            @media (prefers-color-scheme:dark){:root{--paper:#171c1f;--ground:#0f1315;--ink:#e4e8e8;--soft:#9ba7ab;--rule:#323b40;
            --accent:#86bcd8;--good:#6fc7a2;--good-bg:#173328;--bad:#ef8f78;--bad-bg:#3c1f18;--doubt:#e2bc62;--doubt-bg:#352a10;
            --c-prepare:#7b878b;--c-disrupt:#d8755d;--c-detect:#cfa24a;--c-decide:#a58bc4;--c-recover:#5a9cc2;--c-validate:#51ab8a;--c-work:#86b05f;--c-protect:#7397c8;--c-return:#8b999f}}
            *{box-sizing:border-box}
            html{-webkit-text-size-adjust:100%}
            body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
            main{max-width:68rem;margin:0 auto;padding:2.5rem 3rem 4rem;background:var(--paper)}
            h1,h2,h3{line-height:1.25;font-weight:650;text-wrap:balance}
            h1{font-size:1.85rem;margin:.2rem 0 .35rem;letter-spacing:-.01em}
            h2{font-size:1.28rem;margin:3rem 0 .8rem;padding-top:1.1rem;border-top:1px solid var(--rule)}
            h3{font-size:1.02rem;margin:1.7rem 0 .5rem}
            p{margin:.5rem 0;max-width:46rem}
            a{color:var(--accent)}
            code{font:.86em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","Noto Sans Mono CJK SC",monospace;overflow-wrap:anywhere}
            pre{margin:.6rem 0;padding:.8rem 1rem;background:var(--ground);border:1px solid var(--rule);border-radius:6px;overflow-x:auto}
            pre code{overflow-wrap:normal}
            ul{padding-left:1.2rem;margin:.4rem 0}
            small,.soft{color:var(--soft)}small{font-size:.84em}
            time{white-space:nowrap}
            .eyebrow{color:var(--soft);font-size:.84rem;margin:0}
            .lead{font-size:1.12rem;line-height:1.5;margin:.9rem 0 1.3rem;max-width:50rem}
            .verdict{display:inline-flex;align-items:baseline;gap:.38em;padding:.06em .6em;border-radius:1em;font-weight:600;white-space:nowrap;font-size:.9em}
            .good{color:var(--good)}.bad{color:var(--bad)}.doubt{color:var(--doubt)}
            .verdict.good{background:var(--good-bg)}.verdict.bad{background:var(--bad-bg)}
            .verdict.doubt{background-color:var(--doubt-bg)}
            .verdict.neutral{background:var(--ground);color:var(--soft)}
            .card{border:1px solid var(--rule);border-left:5px solid var(--soft);border-radius:8px;padding:1rem 1.25rem .85rem;margin:1rem 0;break-inside:avoid}
            .card.good{border-left-color:var(--good)}.card.bad{border-left-color:var(--bad)}.card.doubt{border-left-color:var(--doubt)}
            .card,.card.good,.card.bad,.card.doubt{color:var(--ink)}
            .card>header{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:baseline;margin-bottom:.35rem}
            .card h3{margin:0;font-size:1.14rem}
            .figures{display:grid;grid-template-columns:minmax(11rem,15rem) minmax(0,1fr);gap:0 1.4rem}
            .figure{display:contents}
            .figure>*{border-top:1px solid var(--rule);padding:.6rem 0 .5rem}
            .figure .what{font-size:.93rem}
            .figure .num{font-size:1.12rem;font-weight:620;display:flex;flex-wrap:wrap;gap:.15rem .7rem;align-items:baseline}
            .figure small{display:block;line-height:1.45}
            .glances{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.4rem 1.6rem;margin-top:.7rem}
            .glance .what{font-size:.86rem;color:var(--soft)}.glance .num{font-size:1.06rem;font-weight:620;display:flex;flex-wrap:wrap;gap:.15rem .6rem;align-items:baseline}
            .bar{display:block;width:100%;height:34px;margin:.2rem 0 .15rem;overflow:visible}
            svg text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,Arial,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;fill:var(--soft);font-variant-numeric:tabular-nums}
            svg .ink{fill:var(--ink)}svg .track{fill:var(--ground);stroke:var(--rule)}svg .grid{stroke:var(--rule)}
            svg .f-good{fill:var(--good);stroke:var(--good)}svg .f-bad{fill:var(--bad);stroke:var(--bad)}svg .f-doubt{fill:var(--doubt);stroke:var(--doubt)}svg .f-unknown{fill:url(#hatch);stroke:var(--rule)}
            svg .target{stroke:var(--ink);stroke-width:2}svg .t-good{fill:var(--good)}svg .t-bad{fill:var(--bad)}svg .t-doubt{fill:var(--doubt)}
            svg.wide{display:block;min-width:52rem}
            .d-axis{fill:none;stroke:var(--soft)}.d-plain{fill:var(--accent);fill-opacity:.6}.d-promise{stroke:var(--good)}.d-mark{stroke:var(--ink)}
            .d-all{fill:var(--bad);fill-opacity:.45;stroke:var(--bad)}
            .d-ring{fill:none;stroke:var(--accent);stroke-width:1.6}.d-ring.bad{stroke:var(--bad)}
            .d-good{fill:var(--good);fill-opacity:.75}.d-bad{fill:var(--bad);fill-opacity:.75}
            .d-doubt{fill:var(--doubt);fill-opacity:.75}.d-hatch{fill:url(#d-hatching);stroke:var(--soft)}.d-stripe{fill:var(--soft)}
            svg .d-good-text{fill:var(--good)}svg .d-bad-text{fill:var(--bad)}svg .d-plain-text{fill:var(--accent)}
            .defs{position:absolute;width:0;height:0}
            .hatch-line{stroke:var(--soft);stroke-width:1.3;opacity:.55}.hatch-ground{fill:var(--ground)}
            .scroll{overflow-x:auto;margin:.6rem 0 1rem}
            table{border-collapse:collapse;width:100%;font-size:.9rem}
            caption{text-align:left;color:var(--soft);font-size:.86rem;padding:.2rem 0 .5rem}
            th,td{text-align:left;vertical-align:top;padding:.42rem .7rem .42rem 0;border-bottom:1px solid var(--rule)}
            thead th{color:var(--soft);font-weight:550;font-size:.84rem;border-bottom-color:var(--soft);vertical-align:bottom}
            tbody th{font-weight:600;min-width:8.5rem}tbody th.r{min-width:0}th small{font-weight:400}
            .r{text-align:right;padding-right:1.1rem}.c{text-align:center}
            td.c,th.c{padding-right:.35rem;padding-left:.35rem}
            tr.sum td,tr.sum th{border-top:2px solid var(--rule);font-weight:600}
            .map{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.8rem;margin:1rem 0}
            .city{border:1px solid var(--rule);border-radius:10px;padding:.5rem .65rem .65rem;break-inside:avoid}
            .city>p{margin:0 0 .4rem;font-size:.8rem;color:var(--soft)}
            .place{border-radius:7px;background:var(--ground);padding:.45rem .6rem;margin-top:.4rem;font-size:.9rem;line-height:1.4}
            .place.home{outline:2px solid var(--accent);outline-offset:-2px}
            .place p{margin:0}.store{margin-top:.25rem!important}
            .tl{margin:1rem 0;font-size:.86rem;--name:20rem}
            .tl-row{display:grid;grid-template-columns:var(--name) minmax(0,1fr)}
            .tl-row .name{padding:.1rem .9rem .1rem 0;line-height:1.35}.tl-row .cell{position:relative;min-height:22px}
            .tl-row svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}.tl-row.axis .cell{min-height:30px}
            .tl-row.head .name{font-weight:600;color:var(--soft);font-size:.8rem;padding-top:.6rem}
            .tl svg text{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
            .p-prepare{fill:var(--c-prepare)}.p-disrupt{fill:var(--c-disrupt)}.p-detect{fill:var(--c-detect)}.p-decide{fill:var(--c-decide)}.p-recover{fill:var(--c-recover)}.p-validate{fill:var(--c-validate)}.p-work{fill:var(--c-work)}.p-protect{fill:var(--c-protect)}.p-return{fill:var(--c-return)}
            .wait{fill:url(#wait)}.wait-line{stroke:var(--paper);stroke-width:2.2;opacity:.75}
            .m-outage{stroke:var(--bad);stroke-width:1.6}.m-valid{stroke:var(--good);stroke-width:1.6}.m-named{stroke:var(--soft);stroke-dasharray:2 3}
            .away{fill:url(#hatch)}
            .s-up{fill:var(--good);opacity:.75}.s-down{fill:var(--bad);opacity:.85}.s-unknown{fill:url(#hatch);stroke:var(--rule)}
            .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.82rem;color:var(--soft);margin:.3rem 0 1rem}
            .legend span{display:inline-flex;gap:.4em;align-items:center}.legend svg{width:20px;height:11px;flex:none}
            .grades{margin:.8rem 0 1.6rem}
            .grade{display:grid;grid-template-columns:minmax(9rem,15rem) minmax(9rem,17rem) minmax(0,1fr);gap:.2rem 1.2rem;align-items:center;padding:.5rem 0;border-top:1px solid var(--rule);break-inside:avoid}
            .grade svg{display:block;width:100%;height:26px;overflow:visible}
            .grade .more{grid-column:2/-1;font-size:.88rem;margin:0}
            .lv-yes{fill:var(--accent);stroke:var(--accent)}.lv-maybe{fill:url(#hatch);stroke:var(--soft)}.lv-no{fill:none;stroke:var(--rule)}.lv-text-yes{fill:var(--paper)!important;font-weight:600}
            .hash{font:.8em/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
            footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.86rem}
            nav ol{columns:2;column-gap:2rem;padding-left:1.3rem;font-size:.92rem;margin:.4rem 0}
            @media (max-width:44rem){main{padding:1.2rem 1.05rem 2.5rem}h1{font-size:1.45rem}h2{margin-top:2.2rem}
            .figures{display:block}.figure{display:block}.figure>*{padding:.5rem 0 .15rem}.figure>*+*{border-top:0;padding:.1rem 0 .5rem}
            .tl-row{display:block}.tl-row .name{padding:.25rem 0 0}.tl-row.head .cell{min-height:0}
            .grade{grid-template-columns:1fr}.grade .more{grid-column:1}nav ol{columns:1}
            table.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
            table.stack tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--rule)}
            table.stack td,table.stack th{display:block;border:0;padding:.08rem 0;text-align:left}
            table.stack td[data-label]:not(:empty)::before{content:attr(data-label) ": ";color:var(--soft)}}
            @page{size:A4;margin:15mm 14mm 17mm}
            @media print{:root{color-scheme:light;--paper:#fff;--ground:#f1f2f0;--ink:#111;--soft:#4d575b;--rule:#cfd3d0;--accent:#23536e;
            --good:#1d6b4f;--good-bg:#e3f1ea;--bad:#a63420;--bad-bg:#fae8e3;--doubt:#805a00;--doubt-bg:#fbf1d6}
            *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
            body{background:#fff;font-size:9.6pt;line-height:1.42}main{max-width:none;padding:0}
            h1{font-size:17pt}h2{font-size:12.5pt;margin-top:1.5rem;break-after:avoid}h3{break-after:avoid}.page{break-before:page;border-top:0;padding-top:0;margin-top:0}
            .screen{display:none}thead{display:table-header-group}tr,.tl-row,.legend{break-inside:avoid}.scroll,pre{overflow:visible}svg.wide{min-width:0}.tl,.figure,.map{break-inside:avoid}pre code{white-space:pre-wrap;overflow-wrap:anywhere}
            .tl{--name:13rem}a{color:inherit;text-decoration:none}details>*{display:block}}
            </style>
            """)

    /// The patterns that drawings share.
    static let patterns = Markup(
        literal: """
            <svg class="defs" aria-hidden="true" focusable="false"><defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><line class="hatch-line" x1="0" y1="0" x2="0" y2="6"/></pattern>
            <pattern id="wait" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="wait-line" x1="0" y1="0" x2="0" y2="6"/></pattern>
            </defs></svg>

            """)
}
