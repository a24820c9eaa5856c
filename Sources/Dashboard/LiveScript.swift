// SPDX-License-Identifier: Apache-2.0

/// The one script of the pages: follows the stream and puts the new content in the old one's place.
enum LiveScript {
    static let text = """
        "use strict";
        const lost = document.getElementById("lost");
        const stream = document.body.dataset.stream;
        let isBusy = false;
        // What somebody is typing must not be taken away from under the fingers.
        function isTyping() {
          const field = document.activeElement;
          return field !== null && field.closest("[data-keep]") !== null;
        }
        async function renew() {
          if (isBusy || isTyping()) return;
          isBusy = true;
          try {
            const answer = await fetch(location.pathname, { cache: "no-store" });
            if (!answer.ok) throw new Error(answer.statusText);
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            document.getElementById("live").replaceWith(page.getElementById("live"));
            document.title = page.title;
            lost.hidden = true;
          } catch {
            lost.hidden = false;
          } finally {
            isBusy = false;
          }
        }
        if (stream) {
          const events = new EventSource(stream);
          events.addEventListener("change", renew);
          events.addEventListener("here", renew);
          events.onerror = () => { lost.hidden = false; };
        }
        """
}
