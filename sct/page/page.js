
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const lines = all(".line[data-g]");
  const nodes = all(".graph .node[data-line]");
  const status = document.querySelector(".status");
  const groupsOf = (line) => line.dataset.g.split(" ");
  const byGroup = new Map();
  for (const line of lines) {
    for (const group of groupsOf(line)) {
      byGroup.set(group, [...(byGroup.get(group) || []), line]);
    }
  }
  let pinned = null;

  const partners = (line) => {
    const held = new Set(all(".mark[data-t]", line).map((mark) => mark.dataset.t));
    const section = line.closest("section");
    return all(".mark[data-t]", section).filter((mark) => held.has(mark.dataset.t));
  };

  const show = (line) => {
    for (const lit of all(".lit, .partner, .hot")) lit.classList.remove("lit", "partner", "hot");
    if (!line) return;
    const found = new Set(groupsOf(line).flatMap((group) => byGroup.get(group)));
    const wanted = new Set(groupsOf(line).filter((g) => g.startsWith("s0-")).map((g) => g.slice(3)));
    for (const one of found) one.classList.add("lit");
    for (const node of nodes) node.classList.toggle("lit", wanted.has(node.dataset.line));
    for (const one of found) {
      for (const mark of partners(one)) {
        mark.classList.add("hot");
        mark.closest(".line").classList.add("partner");
      }
    }
  };

  const say = (line) => {
    const found = [...new Set(groupsOf(line).flatMap((group) => byGroup.get(group)))].filter((l) => l.offsetParent);
    const of = (role) => found.filter((l) => l.classList.contains(role)).length;
    const parts = [["primal", "values"], ["tangent", "tangents"], ["adjoint", "adjoints"]]
      .filter(([role]) => of(role)).map(([role, word]) => `${word}: ${of(role)} lines`);
    status.textContent = parts.join(", ") || "no other lines";
  };

  const reveal = (line) => {
    const own = line.closest(".pane");
    const found = groupsOf(line).flatMap((group) => byGroup.get(group));
    const other = found.find((l) => l.closest(".pane") !== own && l.offsetParent);
    if (other) {
      const pane = other.closest(".pane");
      const [box, frame] = [other.getBoundingClientRect(), pane.getBoundingClientRect()];
      if (box.top < frame.top || box.bottom > frame.bottom) {
        pane.scrollTop += box.top - frame.top - frame.height / 3;
      }
    }
  };

  const pin = (line) => {
    if (pinned) {
      pinned.classList.remove("pinned");
      pinned.removeAttribute("aria-current");
    }
    pinned = pinned === line ? null : line;
    if (pinned) {
      pinned.classList.add("pinned");
      pinned.setAttribute("aria-current", "true");
      reveal(pinned);
      say(pinned);
    }
    show(pinned);
  };

  // One stop of the tabulator for each listing; arrows move inside of it.
  const stop = (line) => {
    for (const other of all(".line[tabindex='0']", line.closest(".code"))) other.tabIndex = -1;
    line.tabIndex = 0;
  };
  for (const line of lines) line.tabIndex = -1;
  for (const code of all(".code")) {
    const first = code.querySelector(".line[data-g]");
    if (first) first.tabIndex = 0;
    for (const link of all("a", code)) link.tabIndex = -1;
  }

  const steps = { ArrowDown: 1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    const line = event.target.closest && event.target.closest(".line[data-g]");
    if (event.key === "Escape") {
      if (pinned) pin(pinned);
      show(null);
    } else if (line && event.key in steps) {
      const own = all(".line[data-g]", line.closest(".pane")).filter((l) => l.offsetParent);
      const next = own[own.indexOf(line) + steps[event.key]];
      if (next) {
        stop(next);
        next.focus();
      }
      event.preventDefault();
    } else if (line && (event.key === "Enter" || event.key === " ") && event.target === line) {
      pin(line);
      event.preventDefault();
    }
  });
  for (const line of lines) {
    line.addEventListener("mouseenter", () => { if (!pinned) show(line); });
    line.addEventListener("mouseleave", () => { if (!pinned) show(null); });
    line.addEventListener("focus", () => {
      if (!pinned) {
        show(line);
        say(line);
      }
    });
    line.addEventListener("click", (event) => {
      if (event.target.closest("a")) return;
      stop(line);
      pin(line);
    });
  }
  for (const node of nodes) {
    const line = document.getElementById(`s0-${node.dataset.line}`);
    if (line && line.dataset.g) node.addEventListener("mouseenter", () => { if (!pinned) show(line); });
    node.addEventListener("mouseleave", () => { if (!pinned) show(null); });
  }
  document.documentElement.classList.add("js");
})();
