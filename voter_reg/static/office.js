/* Passkeys, the one thing here that needs a script. Every form works without this file; passkey forms then stay hidden. */
(function () {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (character) { return character.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function opened(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    ["allowCredentials", "excludeCredentials"].forEach(function (list) {
      (options[list] || []).forEach(function (each) { each.id = bytes(each.id); });
    });
    return options;
  }

  function closed(credential) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response });
  }

  document.querySelectorAll("[data-passkey]").forEach(function (button) {
    var form = button.form;
    var said = form.querySelector("[data-said]");
    button.parentElement.hidden = form.hidden = false;
    button.addEventListener("click", function () {
      said.hidden = true;
      var token = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
      fetch(button.dataset.begin, { method: "POST", body: token, credentials: "same-origin" })
        .then(function (answer) { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
        .then(function (options) {
          return button.dataset.passkey === "create"
            ? navigator.credentials.create({ publicKey: opened(options) })
            : navigator.credentials.get({ publicKey: opened(options) });
        })
        .then(function (credential) {
          form.elements.answer.value = closed(credential);
          form.submit();
        })
        .catch(function () {
          said.textContent = "That did not work. Try again, or use another way on this page.";
          said.hidden = false;
        });
    });
  });
})();
