/**
 * Runs in the front end's page. Puts the live card, with buttons, in the place of the saved one of
 * its id wherever that is shown, keeps what was unfolded and focused, and takes life and buttons
 * off when the kernel is gone.
 */
export const cardButtonsScript = String.raw`
export default {
  initialize({ model }) {
    const find = () => document.querySelectorAll('[data-colabcode="' + model.get("card_id") + '"]');
    const name = model.get("session_name");
    const unfolded = new Set();
    let focused;
    let isAsked = false;
    let isGone = false;
    const make = (ask, text) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.dataset.ask = ask;
      button.setAttribute("aria-label", text + " session " + name);
      button.addEventListener("focus", () => { focused = ask; });
      button.addEventListener("blur", () => { if (button.isConnected) focused = undefined; });
      button.addEventListener("click", (event) => {
        // Only a person's click counts.
        if (!event.isTrusted || isAsked) return;
        isAsked = true;
        setTimeout(() => { isAsked = false; dress(); }, 3000);
        for (const other of button.parentElement.children) other.disabled = true;
        model.send({ ask });
      });
      button.disabled = isAsked;
      return button;
    };
    const repaint = () => {
      const html = model.get("html");
      for (const card of html ? find() : []) {
        if (card.dataset.paint === model.get("paint")) continue;
        const fresh = document.createElement("template");
        fresh.innerHTML = html;
        card.replaceWith(fresh.content);
      }
    };
    const dress = () => {
      if (isGone) return;
      repaint();
      for (const card of find()) {
        const worn = card.querySelector(".actions");
        if (worn) {
          for (const button of worn.children) button.disabled = isAsked;
          continue;
        }
        for (const details of card.querySelectorAll("details")) {
          const label = details.querySelector("summary").textContent;
          details.open = unfolded.has(label);
          details.addEventListener("toggle", () => {
            if (details.open) unfolded.add(label);
            else if (details.isConnected) unfolded.delete(label);
          });
        }
        const actions = document.createElement("div");
        actions.className = "actions";
        actions.append(make("stop", "Stop"), make("restart", "Restart"));
        card.append(actions);
        if (focused && document.activeElement === document.body) {
          actions.querySelector('[data-ask="' + focused + '"]').focus();
        }
      }
    };
    const observer = new MutationObserver(dress);
    observer.observe(document.body, { childList: true, subtree: true });
    model.on("change:paint", dress);
    dress();
    model.send({ ask: "paint" });
    const leave = () => {
      if (isGone) return;
      isGone = true;
      observer.disconnect();
      kernel?.statusChanged?.disconnect(onStatus);
      for (const card of find()) {
        // The kernel went without a word: nobody will repaint the card.
        for (const alive of card.querySelectorAll(".actions, .links, .more, .note, progress")) {
          alive.remove();
        }
        card.querySelector(".title").className = "title ended";
        card.querySelector(".shape").textContent = "○";
        card.querySelector('[role="status"]').textContent = "ended with its kernel";
      }
    };
    // JupyterLab keeps the widgets of a kernel that died and was started anew, but tells of it.
    const kernel = model.widget_manager?.kernel;
    const onStatus = (_, status) => {
      if (["restarting", "autorestarting", "dead"].includes(status)) leave();
    };
    kernel?.statusChanged?.connect(onStatus);
    return leave;
  },
};
`;
