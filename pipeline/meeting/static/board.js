// Quicker with the keyboard; every page works without this.
"use strict";

const form = document.getElementById("oordeel");
let fresh = true; // the first letter chooses the first domain anew, the next ones add to it

function typing(target) {
  return target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

function choose(radio) {
  const also = form.querySelector(`input[name=ook][value="${radio.value}"]`);
  if (fresh) {
    form.querySelectorAll("input[name=ook]").forEach((box) => { box.checked = false; });
    radio.checked = true;
    fresh = false;
  } else if (!radio.checked) {
    also.checked = !also.checked;
  }
  form.querySelectorAll("tbody tr").forEach((row) => {
    row.classList.toggle("gekozen", row.querySelector("input:checked") !== null);
  });
  document.getElementById("opslaan").focus();
}

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "z") { document.getElementById("ongedaan")?.click(); return; }
  if (!form) return;
  const radio = form.querySelector(`input[data-toets="${CSS.escape(key)}"]`);
  if (radio) { event.preventDefault(); choose(radio); }
  else if (key === "u") { const box = document.getElementById("dringend"); box.checked = !box.checked; }
  else if (key === "x") document.getElementById("nergens").click();
  else if (key === "s") document.getElementById("overslaan")?.click();
  else if (key === "t") { event.preventDefault(); document.getElementById("notitie").focus(); }
}

document.addEventListener("keydown", press);

// two presses of one button are one answer
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((one) => { delete one.dataset.sent; });
});

// what colleagues changed, and how far learning is
const state = document.getElementById("stand");
const learning = document.getElementById("leerstand");
async function look() {
  try {
    const answer = await fetch(`${document.body.dataset.base}/stand`);
    if (!answer.ok) return;
    const news = await answer.json();
    if (state && String(news.nieuwste) !== state.dataset.nieuwste && !state.firstChild) {
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = "Een collega heeft iets veranderd: ververs het bord";
      state.append(link);
    }
    if (learning && news.leren !== learning.dataset.leren) location.reload();
  } catch { /* the board is away for a moment */ }
}
if (state || (learning && learning.dataset.leren.startsWith("bezig"))) setInterval(look, 5000);
