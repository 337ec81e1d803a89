// The demo's shop: a cart, as any shop has one, that tells the widget what is in it.
"use strict";

const cart = document.querySelector(".cart");
const lines = new Map();

const show = () => {
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: cart.dataset.currency });
  const list = cart.querySelector(".lines");
  const row = cart.querySelector("template").content.firstElementChild;
  list.replaceChildren(...[...lines].map(([sku, line]) => {
    const item = row.cloneNode(true);
    item.dataset.sku = sku;
    item.querySelector(".what").textContent = line.name;
    item.querySelector("output").textContent = line.count;
    item.querySelector(".sum").textContent = money.format(line.price * line.count);
    return item;
  }));
  const total = [...lines.values()].reduce((sum, line) => sum + line.price * line.count, 0);
  cart.querySelector(".total").hidden = !lines.size;
  cart.querySelector(".nothing").hidden = lines.size > 0;
  cart.querySelector(".total output").textContent = money.format(total);
  const order = {
    currency: cart.dataset.currency,
    lines: [...lines].map(([sku, line]) => ({ id: sku, sku, quantity: line.count, unit_price: String(line.price) })),
  };
  // The shop works without the widget, too.
  for (const widget of document.querySelectorAll("lojal-widget")) widget.quote?.(order);
};

const change = (sku, by, name, price) => {
  const line = lines.get(sku) ?? { count: 0, name, price };
  line.count += by;
  if (line.count > 0) lines.set(sku, line);
  else lines.delete(sku);
  show();
};

if (cart) {
  customElements.whenDefined("lojal-widget").then(() => lines.size && show());
  for (const button of document.querySelectorAll("button[data-sku]")) {
    button.addEventListener("click", () => change(button.dataset.sku, 1, button.dataset.name, Number(button.dataset.price)));
  }
  cart.addEventListener("click", event => {
    const { sku } = event.target.closest("li")?.dataset ?? {};
    const by = event.target.closest(".more") ? 1 : event.target.closest(".less") ? -1 : 0;
    if (!sku || !by) return;
    change(sku, by);
    // The button that was pressed is a new one now.
    cart.querySelector(`li[data-sku="${sku}"] .${by > 0 ? "more" : "less"}`)?.focus();
  });
}
