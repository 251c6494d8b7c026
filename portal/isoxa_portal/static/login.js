// "Hiện ký tự đang nhập": shown only where it works.

const row = document.querySelector("[data-ix-show-password]");
const passwords = document.querySelectorAll('input[type="password"]');
const box = document.getElementById("show-password");

if (row && passwords.length && box) {
  row.hidden = false;
  box.addEventListener("change", () => {
    for (const password of passwords) password.type = box.checked ? "text" : "password";
  });
  passwords[0].form.addEventListener("submit", () => {
    for (const password of passwords) password.type = "password"; // or the browser would offer to remember it as plain text
  });
}
