// "Hiện ký tự đang nhập": shown only where it works.

const row = document.querySelector("[data-ix-show-password]");
const password = document.getElementById("password");
const box = document.getElementById("show-password");

if (row && password && box) {
  row.hidden = false;
  box.addEventListener("change", () => {
    password.type = box.checked ? "text" : "password";
  });
  password.form.addEventListener("submit", () => {
    password.type = "password"; // or the browser would offer to remember it as plain text
  });
}
