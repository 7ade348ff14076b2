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

  // One press, one submission; after a while another may be tried.
  document.querySelectorAll("form").forEach(function (form) {
    var sent = false;
    form.addEventListener("submit", function (event) {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      setTimeout(function () { sent = false; }, 4000);
    });
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
      navigator.clipboard.writeText(box.value).then(function () { button.textContent = "Copied"; }, function () { box.focus(); });
    });
  });
})();
