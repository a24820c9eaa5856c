// SPDX-License-Identifier: Apache-2.0

/// What an editor shows beside a key.
enum SchemaWords {
    static func of(_ key: String) -> String? {
        words[key]
    }

    private static let words: [String: String] = [
        "after": "What is made of the run once it is closed.",
        "approve": "Several people must agree.",
        "backup": "Makes one more point of a dataset.",
        "because": "Why there is nothing to undo, or why a fault may never heal by itself.",
        "by":
            "The program that makes the backups instead of Lifeboat, which counts what it keeps once read in.",
        "call": "Runs the steps of another file here, under this step's name.",
        "check": "A command whose end and output say yes or no; it changes nothing.",
        "clean": "Removes a folder that carries this run's marker, and nothing else.",
        "clock": "When the outage of each service begins.",
        "confirm": "How the step is proven to have done its work, or a fault to be in force.",
        "critical": "Whether the run fails with this step; true unless said otherwise.",
        "decision": "Something that somebody who may do so decides.",
        "exercise": "One of the standard's seven kinds, in their order.",
        "extra_workdays": "Days that are worked although the week says otherwise.",
        "fault": "Breaks something on purpose; it heals itself on its target.",
        "group": "Steps of which all, or one, must pass.",
        "heal": "How a fault is ended.",
        "holidays": "Days on which nobody works, such as 2026-10-01.",
        "human": "Something that only a person can say.",
        "inject": "News that the players are told.",
        "mark": "Names this moment.",
        "mode":
            "talk carries nothing out, rehearse only pretends, sandbox leaves production alone, live does not.",
        "modes": "Where this step runs; everywhere unless said otherwise.",
        "needs":
            "The steps that must have ended before; [] begins at once. Without it: the step written before.",
        "on_fail": "Who may let the run go on although this step failed.",
        "pivot": "The point of no return: before it an abort goes back, after it forward.",
        "prove_red": "Ways to spoil a copy, on which the check must first fail.",
        "reads_only": "The step changes nothing.",
        "restore": "Brings a dataset's point back into an empty folder at a host.",
        "restored_when": "When each service counts as restored.",
        "run": "The program and its arguments; no shell reads them.",
        "safety": "The bounds that no step may leave.",
        "save": "Keeps results under names, for {{name}} and for when.",
        "secrets": "What no one may read: names, and the files that hold them.",
        "shell": "A text for a shell; values arrive as $1, $2 and are never pasted into it.",
        "sql": "A statement for the host's own psql; values arrive as :'name'.",
        "ttl": "After so long the target heals itself, whatever became of the controller.",
        "undo": "How the step is undone; 'none' needs a reason under because.",
        "vars": "Values for {{name}}.",
        "verify": "Proof that the recovered data are the right ones.",
        "wait_for": "Waits until a condition holds, up to a deadline.",
        "when": "The step is left out unless this holds.",
    ]
}
