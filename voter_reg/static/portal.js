/* Small comforts. Every page works whole without this file. */
(function () {
  "use strict";

  // A message that needs reading takes the focus (autofocus alone is not honoured by every browser).
  var first = document.querySelector("[autofocus]");
  if (first) first.focus();

  // A link of the error summary leads into its field, also where the field is a group.
  document.querySelectorAll(".summary a").forEach(function (link) {
    link.addEventListener("click", function (event) {
      var target = document.getElementById(link.getAttribute("href").slice(1));
      var field = target && (target.matches("input") ? target : target.querySelector("input"));
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    });
  });

  // A page brought back by the back button shows what is saved now, not what was.
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });

  // One press, one submission; after a while another may be tried, and at once when something in it was changed.
  document.querySelectorAll("form").forEach(function (form) {
    var sent = false;
    form.addEventListener("submit", function (event) {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      setTimeout(function () { sent = false; }, 4000);
    });
    form.addEventListener("input", function () { sent = false; });
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  document.querySelectorAll("[data-copy]").forEach(function (box) {
    box.addEventListener("focus", function () { box.select(); });
  });

  document.querySelectorAll("[data-copies]").forEach(function (button) {
    var box = document.getElementById(button.getAttribute("data-copies"));
    if (!navigator.clipboard || !box) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(box.value).then(function () { button.textContent = button.getAttribute("data-done"); }, function () { box.focus(); });
    });
  });

  function post(path, csrf, text) {
    return fetch(path, { method: "POST", body: new URLSearchParams(text), headers: { "X-CSRFToken": csrf }, credentials: "same-origin" });
  }

  // Leaving must be quick: no page of this site stays behind the back button, and Escape three times leaves too.
  var exit = document.querySelector("[data-exit]"), escapes = 0;
  if (exit) document.addEventListener("keydown", function (event) {
    escapes = event.key === "Escape" ? escapes + 1 : 0;
    if (escapes === 3) exit.click();
  });
  if (exit && exit.tagName === "A") exit.addEventListener("click", function (event) { event.preventDefault(); window.location.replace(exit.href); });

  // Addresses that begin as typed, in a list that keys, fingers and screen readers know. Continue works without it.
  document.querySelectorAll("[data-ahead]").forEach(function (box) {
    var field = box.querySelector("input"), csrf = field.form.querySelector("[name=csrf_token]").value;
    var list = document.createElement("ul"), status = document.createElement("p"), at = -1, asked = "", timer;
    list.id = "ahead"; list.className = "offers"; list.setAttribute("role", "listbox"); list.hidden = true;
    list.setAttribute("aria-label", box.getAttribute("data-list"));
    status.className = "sr"; status.setAttribute("role", "status");
    box.append(list, status);
    [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "ahead"]].forEach(function (pair) { field.setAttribute(pair[0], pair[1]); });

    function close() { list.hidden = true; at = -1; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); }
    function mark(next) {
      var options = list.children;
      if (!options.length) return;
      at = (next + options.length) % options.length;
      Array.prototype.forEach.call(options, function (option, n) { option.setAttribute("aria-selected", n === at ? "true" : "false"); });
      field.setAttribute("aria-activedescendant", options[at].id);
    }
    function take(option) { field.value = option.textContent; asked = field.value; close(); field.focus(); }
    function show(found) {
      list.replaceChildren.apply(list, found.map(function (address, n) {
        var option = document.createElement("li");
        option.id = "ahead-" + n; option.textContent = address; option.setAttribute("role", "option"); option.setAttribute("aria-selected", "false");
        option.addEventListener("mousedown", function (event) { event.preventDefault(); take(option); });
        return option;
      }));
      at = -1;
      list.hidden = !found.length;
      field.setAttribute("aria-expanded", found.length ? "true" : "false");
      status.textContent = found.length ? found.length + ". " + box.getAttribute("data-some") : box.getAttribute("data-none");
    }
    field.addEventListener("input", function () {
      clearTimeout(timer);
      var typed = field.value.trim();
      if (typed.length < 2) { close(); return; }
      timer = setTimeout(function () {
        asked = typed;
        post(box.getAttribute("data-ahead"), csrf, { address: typed }).then(function (answer) { return answer.ok ? answer.json() : []; }).then(function (found) {
          if (asked === typed && document.activeElement === field) show(found.length === 1 && found[0] === typed.toUpperCase() ? [] : found);
        }, close);
      }, 120);
    });
    field.addEventListener("keydown", function (event) {
      if (list.hidden) return;
      if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
      else if (event.key === "Enter" && at >= 0) { event.preventDefault(); take(list.children[at]); }
      else if (event.key === "Escape") { event.stopPropagation(); close(); }
    });
    // Not at once: a list that goes while a button below is being pressed would move the button away.
    field.addEventListener("blur", function () { setTimeout(close, 300); });
  });

  // A signature may be drawn: whole points within 0 to 999, nothing but lines.
  document.querySelectorAll("[data-pad]").forEach(function (pad) {
    var canvas = pad.querySelector("canvas"), hidden = pad.querySelector("input"), pen = canvas.getContext("2d"), lines = [], line = null;
    pad.hidden = false;
    if (hidden.value) lines = hidden.value.split(";").map(function (text) { return text.split(" "); });
    function draw() {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.lineWidth = 3; pen.lineCap = "round"; pen.strokeStyle = getComputedStyle(canvas).color;
      lines.forEach(function (points) {
        pen.beginPath();
        points.forEach(function (point) { var xy = point.split(","); pen.lineTo(xy[0] * canvas.width / 999, xy[1] * canvas.height / 999); });
        pen.stroke();
      });
      hidden.value = lines.filter(function (points) { return points.length > 1; }).map(function (points) { return points.join(" "); }).join(";");
    }
    function point(event) {
      var box = canvas.getBoundingClientRect();
      function within(part, whole) { return Math.max(0, Math.min(999, Math.round(part * 999 / whole))); }
      return within(event.clientX - box.left, box.width) + "," + within(event.clientY - box.top, box.height);
    }
    canvas.addEventListener("pointerdown", function (event) { event.preventDefault(); canvas.setPointerCapture(event.pointerId); line = [point(event)]; lines.push(line); });
    canvas.addEventListener("pointermove", function (event) { if (line && line[line.length - 1] !== point(event)) { line.push(point(event)); draw(); } });
    canvas.addEventListener("pointerup", function () { line = null; draw(); });
    pad.querySelector("button").addEventListener("click", function () { lines = []; draw(); });
    draw();
  });

  // Before a form that nobody touches closes, it asks; on a shared device it then clears itself for the next person.
  document.querySelectorAll("[data-idle]").forEach(function (box) {
    var idle = box.getAttribute("data-idle") * 1000, warn = Math.min(120000, idle / 3), shared = box.hasAttribute("data-shared");
    var csrf = box.getAttribute("data-csrf"), button = box.querySelector("button"), asking, closing, sent = Date.now();
    function away() {
      var leave = document.querySelector("form[action='/leave']");
      if (shared && leave) leave.submit(); else window.location.replace("/left");
    }
    function wait() {
      clearTimeout(asking); clearTimeout(closing);
      asking = setTimeout(function () { box.hidden = false; button.focus(); }, idle - warn);
      closing = setTimeout(away, idle);
    }
    function here() {
      box.hidden = true; wait();
      if (Date.now() - sent > 30000) { sent = Date.now(); post("/still-here", csrf, {}); }
    }
    button.addEventListener("click", function () { sent = 0; here(); });
    ["keydown", "pointerdown", "change"].forEach(function (kind) { document.addEventListener(kind, function () { if (box.hidden) here(); }); });
    wait();
  });
})();
