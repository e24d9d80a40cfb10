"""How the pages look: on a phone, on a screen, and on paper."""

COLOURS = {
    "sent": "#2f855a",
    "refused": "#c53030",
    "unconfirmed": "#b7791f",
    "cancelled": "#718096",
    "pending": "#cbd5e0",
    "duplicates": "#90cdf4",
    "suppressed": "#b794f4",
    "rejected": "#ed8936",
}
"""For each fate, in the order in which a bar shows them."""

DELIVERY_COLOURS = {
    "delivered": "#2f855a",
    "undelivered": "#c53030",
    "receipt_pending": "#cbd5e0",
    "no_receipt": "#b7791f",
}
"""For each thing a carrier may say of a text, in the order in which a bar shows them."""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f5f6f8; color: #1a202c;
  font: 16px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; margin: .2rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0 0 .5rem; color: #4a5568; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
section, .campaign { background: #fff; border: 1px solid #e2e8f0; border-radius: .5rem;
  padding: .8rem 1rem; margin: .8rem 0; }
.state { display: inline-block; padding: 0 .6rem; border-radius: 1rem; background: #e2e8f0; }
.bad { background: #fed7d7; } .good { background: #c6f6d5; } .waits { background: #fefcbf; }
.small { color: #4a5568; font-size: .85rem; }
.big { font-size: 1.6rem; font-weight: 600; }
.text { background: #f0fff4; border-radius: .5rem; padding: .6rem .8rem; white-space: pre-wrap; }
svg { display: block; width: 100%; }
.bar { height: 1.4rem; border-radius: .3rem; margin: .4rem 0; }
.chart { height: 7rem; }
table { border-collapse: collapse; width: 100%; }
td { padding: .25rem .4rem .25rem 0; vertical-align: top; overflow-wrap: anywhere; }
.fates td { white-space: nowrap; } .fates td:nth-child(n+2) { text-align: right; }
.reasons td:first-child { white-space: nowrap; text-align: right; width: 1%; }
.dot { display: inline-block; width: .8em; height: .8em; border-radius: .2em; margin-right: .4em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .9rem; margin: 0; }
dt { color: #4a5568; } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
a { color: #2b6cb0; } a + a { margin-left: 1rem; }
@media (max-width: 30rem) {
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } }
@media print { body { background: #fff; font-size: 12px; }
  section, .campaign { break-inside: avoid; border-color: #999; }
  svg, .dot, .state { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
