// <lojal-widget>: what a shop's page shows of the programme. One file, nothing from elsewhere, no styles in the page.
(() => {
  "use strict";
  if (customElements.get("lojal-widget")) return;
  const begun = performance.now();

  const script = document.currentScript ?? document.querySelector('script[src$="/widget.js"]');
  const home = new URL(script?.src || location.href).origin;

  // All other words come with the data. These are for when nothing comes.
  const NOTHING = {
    pl: { failed: "Nie udało się połączyć.", again: "Spróbuj ponownie", waiting: "Chwileczkę…" },
    en: { failed: "There is no connection.", again: "Try again", waiting: "One moment…" },
  };

  // A friend's code is remembered by the shop's page, for as long as a click on a link usually counts.
  const CODE = "lojal-referral";
  const CODE_KEPT = 30 * 86_400_000;
  const kept = () => {
    try {
      const stored = JSON.parse(localStorage.getItem(CODE));
      return stored && stored.until > Date.now() ? stored : undefined;
    } catch {
      return undefined;
    }
  };
  const keep = found => {
    try {
      if (found) localStorage.setItem(CODE, JSON.stringify({ ...found, until: Date.now() + CODE_KEPT }));
      else localStorage.removeItem(CODE);
    } catch {
      // A browser may refuse to remember anything: the event has said it all the same.
    }
  };

  // In milliseconds: what has not come by then is taken as lost.
  const PATIENCE = 15_000;

  // The names with an underscore are the widget's own: a shop's page may well have a variable called --accent.
  const STYLE = `
:host { --_accent: var(--lojal-accent, #1b5a9e); --_on-accent: var(--lojal-on-accent, #fff); --_ground: var(--lojal-ground, #fff);
  --_ink: var(--lojal-ink, #1d1b18); --_quiet: var(--lojal-quiet, #5c574f); --_line: var(--lojal-line, #d9d3c7);
  --_bad: var(--lojal-bad, #a8262c); --_round: var(--lojal-round, .75rem);
  color-scheme: light; color: var(--_ink); font-family: var(--lojal-font, inherit); font-size: 1rem; line-height: 1.45;
  font-weight: 400; font-style: normal; text-align: start; text-indent: 0; text-transform: none; letter-spacing: normal;
  word-spacing: normal; white-space: normal; }
:host([theme="dark"]) { --_accent: var(--lojal-accent, #8abcf4); --_on-accent: var(--lojal-on-accent, #10151b);
  --_ground: var(--lojal-ground, #1d1f22); --_ink: var(--lojal-ink, #ecebe7); --_quiet: var(--lojal-quiet, #b0aca4);
  --_line: var(--lojal-line, #3b3d41); --_bad: var(--lojal-bad, #ff9c97); color-scheme: dark; }
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { --_accent: var(--lojal-accent, #8abcf4);
  --_on-accent: var(--lojal-on-accent, #10151b); --_ground: var(--lojal-ground, #1d1f22); --_ink: var(--lojal-ink, #ecebe7);
  --_quiet: var(--lojal-quiet, #b0aca4); --_line: var(--lojal-line, #3b3d41); --_bad: var(--lojal-bad, #ff9c97);
  color-scheme: dark; } }
:host { display: block; position: fixed; inset: auto var(--lojal-gap, 1rem) var(--lojal-gap, 1rem) auto;
  z-index: var(--lojal-layer, 1000); }
:host([mode="inline"]), :host([mode="quote"]), :host([mode="code"]) { position: static; box-sizing: border-box; contain: layout; overflow: hidden;
  background: var(--_ground); border: 1px solid var(--_line); border-radius: var(--_round); }
:host([mode="inline"]) { height: var(--lojal-height, 34rem); overflow-y: auto; }
:host([mode="quote"]) { height: var(--lojal-height, 8rem); overflow-y: auto; }
:host([mode="code"]) { height: var(--lojal-height, 14rem); overflow-y: auto; }
:host([hidden]) { display: none; }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, ul { margin: 0; padding: 0; }
h2 { font-size: 1.15rem; line-height: 1.25; }
h3 { font-size: .95rem; margin-bottom: .5rem; }
ul { list-style: none; display: grid; gap: .75rem; }
small, .quiet { color: var(--_quiet); font-size: .875rem; }
a { color: var(--_accent); text-underline-offset: .15em; }
button, .button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .45rem 1rem; cursor: pointer; text-decoration: none;
  border: 1px solid var(--_line); border-radius: calc(var(--_round) * .7); background: transparent; color: var(--_ink);
  display: inline-flex; align-items: center; justify-content: center; gap: .5rem; }
.main { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
summary { font-weight: 600; min-height: 2.75rem; padding-block: .6rem; cursor: pointer; color: var(--_accent); }
form { display: grid; gap: .5rem; }
input { font: inherit; width: 100%; min-height: 2.75rem; padding: .45rem .75rem; border: 1px solid var(--_quiet); border-radius: calc(var(--_round) * .7);
  background: var(--_ground); color: var(--_ink); }
button[aria-disabled="true"] { opacity: .65; cursor: progress; }
:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
h2:focus-visible { outline: none; }
.launcher { min-width: 3.5rem; min-height: 3.5rem; border-radius: 3.5rem; padding: 0 1.1rem; box-shadow: 0 4px 16px rgb(0 0 0 / .25);
  visibility: hidden; max-width: calc(100vw - 2rem); }
.launcher.ready { visibility: visible; }
svg { width: 1.4rem; height: 1.4rem; fill: currentColor; flex: none; }
dialog { position: fixed; inset: auto var(--lojal-gap, 1rem) var(--lojal-gap, 1rem) auto; margin: 0; padding: 0; width: 24rem;
  max-width: calc(100vw - 2 * var(--lojal-gap, 1rem)); max-height: min(42rem, calc(100dvh - 2 * var(--lojal-gap, 1rem)));
  border: 1px solid var(--_line); border-radius: var(--_round); background: var(--_ground); color: var(--_ink); overflow-y: auto;
  box-shadow: 0 12px 48px rgb(0 0 0 / .3); overscroll-behavior: contain; }
dialog::backdrop { background: rgb(0 0 0 / .25); }
@media (max-width: 30rem) { dialog { inset: auto 0 0 0; width: 100%; max-width: none; border-radius: var(--_round) var(--_round) 0 0; max-height: 88dvh; } }
@media (prefers-reduced-motion: no-preference) { dialog[open] { animation: rise .18s ease-out; } @keyframes rise { from { transform: translateY(1rem); opacity: 0; } } }
.panel { padding: 1.1rem; display: grid; gap: 1.1rem; overflow-wrap: anywhere; }
.head { display: flex; justify-content: space-between; align-items: start; gap: .75rem; }
.head button { border: 0; padding: 0; min-width: 2.75rem; margin: -.5rem -.5rem 0 0; }
.head img { display: block; height: 1.75rem; max-width: 12rem; margin-bottom: .5rem; object-fit: contain; object-position: left; }
.big { font-size: 1.7rem; line-height: 1.15; font-weight: 700; display: block; }
.row { display: flex; justify-content: space-between; gap: .75rem; align-items: center; }
.row > :first-child { min-width: 0; } .row button { flex: none; }
.stack { display: grid; gap: .2rem; } .acts { display: grid; gap: .5rem; }
.bar { appearance: none; display: block; width: 100%; height: .5rem; border: 0; border-radius: 1rem; background: var(--_line); overflow: hidden; margin: .35rem 0; }
.bar::-webkit-progress-bar { background: var(--_line); } .bar::-webkit-progress-value { background: var(--_accent); border-radius: 1rem; }
.bar::-moz-progress-bar { background: var(--_accent); }
.cart { border: 1px solid var(--_line); border-radius: calc(var(--_round) * .7); padding: .75rem; }
:host([mode="quote"]) .cart { border: 0; padding: .5rem .85rem; line-height: 1.35; min-height: 100%; align-content: center; }
.code { font: 700 1.3rem/1.3 ui-monospace, "Liberation Mono", monospace; border: 2px dashed var(--_line); border-radius: calc(var(--_round) * .7); padding: .75rem; text-align: center; user-select: all; }
.bad { color: var(--_bad); font-weight: 600; }
:host([mode="inline"]) .lost { border: 0; min-height: 28rem; align-content: center; justify-items: center; text-align: center; }
.hush { height: 1rem; border-radius: .5rem; background: var(--_line); opacity: .6; } .hush:nth-child(2n) { width: 65%; }
`;
  let sheet;
  let look;

  /** Makes an element; texts are only ever set as text. */
  const make = (name, properties, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties ?? {})) {
      if (value === undefined || value === null || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false && child !== ""));
    return element;
  };

  const star = () => {
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", "M12 2l2.9 6.6 7.1.7-5.4 4.8 1.6 7-6.2-3.7-6.2 3.7 1.6-7L2 9.3l7.1-.7z");
    picture.append(path);
    return picture;
  };

  const whenIdle = task => (window.requestIdleCallback ? requestIdleCallback(task, { timeout: 1500 }) : setTimeout(task, 200));

  /** A name for a request that is never used again. */
  const once = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), word => word.toString(16).padStart(8, "0")).join("");

  /** Whom a token names. Whether that is so, the server looks. */
  const whose = token => {
    try {
      return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).sub;
    } catch {
      return token;
    }
  };

  const isToken = text => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

  // Widgets of one page share what they are told, until somebody else may look at it.
  const tokens = new Map();
  const answers = new Map();
  const forget = () => {
    tokens.clear();
    answers.clear();
  };

  // The names of redemptions whose answer has not come, by member and reward: asked for again, they are the same ones.
  const names = new Map();
  /** With one of these it is known that nothing was taken. */
  const REFUSED = [400, 404, 409, 422];

  class LojalWidget extends HTMLElement {
    static observedAttributes = ["cart", "key", "lang", "mode", "src", "token", "token-url"];
    #root;
    #launcher;
    #dialog;
    #panel;
    #view;
    #order;
    #quote;
    #timer;
    #page = "home";
    #drawFriend;
    /** What stands on the page called home. */
    #drawn;
    /** Why the token is not used. */
    #guestFor;
    /** Something did not come: it is asked for again when there is a reason to. */
    #missed = false;
    /** A reward is being taken. */
    #busy = false;
    /** It was taken while the panel was closed. */
    #unseen = false;
    // An answer counts if nothing was asked after it, and if the same person looks at the page.
    #round = 0;
    #asked = 0;
    #person = 0;

    connectedCallback() {
      if (!this.#root) this.#build();
      addEventListener("lojal-changed", this.#renew);
      addEventListener("online", this.#online);
      this.#later();
    }

    disconnectedCallback() {
      removeEventListener("lojal-changed", this.#renew);
      removeEventListener("online", this.#online);
      clearTimeout(this.#timer);
      this.#round++;
      this.#asked++;
      this.close();
      forget();
    }

    attributeChangedCallback(name, before, now) {
      if (name === "cart") {
        try {
          this.quote(now ? JSON.parse(now) : undefined);
        } catch {
          console.error("lojal-widget: the attribute cart is no JSON");
        }
      } else if (this.#root && before !== now) {
        this.#guestFor = undefined;
        this.#asked++;
        if (name === "mode") this.#build();
        // Another token for the same member changes nothing that is on the screen.
        else if (name !== "lang" && !(name === "token" && before && now && whose(before) === whose(now))) this.#clear();
        if (this.isConnected) this.#later();
      }
    }

    /** Shows what an order would give: { currency, lines: [{ id, quantity, unit_price }] }, as POST /v1/quotes takes it. */
    quote(order) {
      const before = JSON.stringify(this.#order);
      const now = order?.lines?.length ? JSON.stringify(order) : undefined;
      if (now === before && this.#quote && !this.#missed) return;
      // The shop may go on changing the object that it has given.
      this.#order = now && JSON.parse(now);
      this.#quote = undefined;
      this.#asked++;
      clearTimeout(this.#timer);
      if (!this.isConnected) return;
      if (this.#missed) this.#later();
      if (!this.#view) return;
      this.#drawCart();
      this.#timer = setTimeout(() => this.#askQuote(), 150);
    }

    /** Opens the panel of a launcher. */
    open() {
      if (this.#dialog?.open !== false || !this.#view) return;
      if (this.#page === "home") this.#fill(this.#view);
      this.#unseen = false;
      if (this.#missed) this.#later();
      this.#dialog.showModal();
      this.#panel.querySelector("h2")?.focus();
    }

    close() {
      this.#dialog?.close();
    }

    /** What goes with the order as `referral`, if somebody has a code from a friend: { code }. */
    get referral() {
      const found = kept();
      return found && { code: found.code };
    }

    /** The order is placed: the code has done what it was for. */
    forgetReferral() {
      keep(undefined);
      this.#drawFriend?.();
    }

    get #mode() {
      const mode = this.getAttribute("mode");
      return ["inline", "quote", "code"].includes(mode) ? mode : "launcher";
    }

    get #language() {
      const stated = this.getAttribute("lang") || this.closest("[lang]")?.getAttribute("lang") || document.documentElement.lang;
      return (stated || navigator.language || "en").toLowerCase().startsWith("pl") ? "pl" : "en";
    }

    get #home() {
      return (this.getAttribute("src") || home).replace(/\/$/, "");
    }

    #build() {
      this.#root ??= this.attachShadow({ mode: "open" });
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        look = new CSSStyleSheet();
      }
      this.#root.adoptedStyleSheets = [sheet, look];
      this.#panel = make("div", { class: "panel", dir: "ltr" });
      this.#launcher = this.#dialog = this.#drawn = undefined;
      this.#page = "home";
      if (this.#mode !== "launcher") {
        if (this.#mode === "quote") this.#panel.className = "";
        this.#root.replaceChildren(this.#panel);
        this.#hush();
        return;
      }
      this.#launcher = make("button", { type: "button", class: "launcher main", dir: "ltr", "aria-haspopup": "dialog", onclick: () => this.open() }, star());
      // Whoever selects a text may let go of it outside.
      let pressed;
      const dialog = make("dialog", {
        "aria-labelledby": "title",
        onpointerdown: event => (pressed = event.target),
        onclick: event => event.target === dialog && pressed === dialog && this.close(),
        onclose: () => !this.#busy && !this.#unseen && !dialog.open && (this.#page = "home"),
      }, this.#panel);
      this.#dialog = dialog;
      this.#root.replaceChildren(this.#launcher, dialog);
    }

    /** Keeps the place of what is to come. */
    #hush() {
      this.#panel.replaceChildren(...["", "", ""].map(() => make("div", { class: "hush", "aria-hidden": "true" })));
    }

    /** Somebody else may look at the page from now on: nothing stays of whoever did before. */
    #clear() {
      forget();
      this.#person++;
      this.#view = this.#quote = this.#drawn = undefined;
      this.#busy = this.#unseen = false;
      this.#page = "home";
      this.#launcher?.classList.remove("ready");
      this.close();
      this.#hush();
    }

    #later() {
      const round = ++this.#round;
      whenIdle(() => round === this.#round && this.#load());
    }

    #online = () => {
      answers.clear();
      this.#later();
    };

    #renew = event => {
      if (event.detail !== this) this.#load();
    };

    // ── Asking ──────────────────────────────────────────────────────────────────────────

    /** The member's token, or nothing: then a guest looks at the page. */
    async #token(fresh) {
      const stated = this.getAttribute("token");
      const address = this.getAttribute("token-url");
      if (this.#guestFor) return undefined;
      if (stated || !address) return stated || undefined;
      if (fresh || !tokens.has(address)) {
        const asking = fetch(address, {
          headers: { accept: "application/json" }, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
        }).then(async answer => {
          if (answer.status === 401 || answer.status === 204) return undefined;
          if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
          const text = (await answer.text()).trim();
          const token = text.startsWith("{") ? JSON.parse(text).token : text;
          // Somebody may have been led to a page to sign in on.
          return isToken(token) ? token : undefined;
        });
        tokens.set(address, asking);
        // That nobody is signed in may be another thing a moment later.
        const drop = () => tokens.get(address) === asking && tokens.delete(address);
        asking.then(token => token ?? drop(), drop);
      }
      return tokens.get(address);
    }

    /** As #token. A guest's view is better than nothing; but nobody who is a member is shown as a guest by accident. */
    async #tokenIfAny(fresh, isNeeded) {
      try {
        return await this.#token(fresh);
      } catch (fault) {
        this.#missed = true;
        if (isNeeded || this.#view?.member || !this.hasAttribute("key")) throw fault;
        console.error(`lojal-widget: ${fault.message}`);
        return undefined;
      }
    }

    async #ask(path, body, key) {
      let person;
      for (let attempt = 0; ; attempt++) {
        const token = await this.#tokenIfAny(attempt > 0, key);
        // What one customer wants is not taken for another who has signed in since.
        if (key && attempt > 0 && whose(token) !== person) throw Object.assign(new Error("somebody else is signed in"), { status: 401 });
        person = whose(token);
        const headers = { authorization: `Bearer ${token ?? this.getAttribute("key") ?? ""}` };
        if (body) headers["content-type"] = "application/json";
        if (key) headers["idempotency-key"] = key;
        const answer = await fetch(`${this.#home}/v1/widget${path}?lang=${this.#language}`, {
          method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), credentials: "omit", referrerPolicy: "origin",
          signal: AbortSignal.timeout(PATIENCE),
        });
        const said = await answer.json();
        if (answer.ok) return said;
        // A token holds for a while; the shop's page knows where there is another one.
        if (answer.status === 401 && token && attempt === 0 && this.hasAttribute("token-url") && !this.getAttribute("token")) continue;
        throw Object.assign(new Error(said.detail), { code: said.code, status: answer.status });
      }
    }

    /** As #ask, once for all widgets that ask the same at the same time. */
    #share(path, body) {
      const name = JSON.stringify([this.#home, path, body, this.#language, this.getAttribute("token"), this.getAttribute("token-url"), this.getAttribute("key"), this.#guestFor]);
      if (!answers.has(name)) {
        const asking = this.#ask(path, body);
        answers.set(name, asking);
        asking.catch(() => 0).then(() => setTimeout(() => answers.get(name) === asking && answers.delete(name), 1000));
      }
      return answers.get(name);
    }

    async #load(fresh) {
      const round = ++this.#round;
      if (fresh || this.#missed) answers.clear();
      this.#missed = false;
      try {
        const view = await this.#share("", undefined);
        if (round !== this.#round) return;
        this.#view = view;
        look.replaceSync(view.style ?? "");
      } catch (fault) {
        if (round !== this.#round) return;
        console.error(`lojal-widget: ${fault.message}`);
        // Whoever is no longer signed in, or no member yet, is a guest.
        if (fault.status === 401 && !this.#guestFor && this.hasAttribute("key")) {
          this.#guestFor = fault.code;
          return this.#load();
        }
        this.#missed = true;
        // What is on the screen is still what this member has, or is in the middle of.
        if (this.#view && (fault.status !== 401 || this.#page !== "home")) return;
        this.#view = undefined;
        this.#fail();
        return;
      }
      this.#draw();
      if (this.#order) this.#askQuote(true);
      this.dispatchEvent(new CustomEvent("lojal-ready", { bubbles: true, composed: true }));
    }

    async #askQuote(hasJustLoaded) {
      const asked = ++this.#asked;
      if (!this.#order) return;
      try {
        const quote = await this.#share("/quotes", this.#order);
        if (asked !== this.#asked) return;
        this.#quote = quote;
      } catch (fault) {
        if (asked !== this.#asked) return;
        console.error(`lojal-widget: ${fault.message}`);
        this.#missed = true;
        // A token has ended: it is found out who looks at the page, and then what the cart brings them.
        if (fault.status === 401 && !hasJustLoaded) return this.#load(true);
        this.#quote = { text: this.#say("cart-unknown"), reasons: [] };
      }
      this.#drawCart();
    }

    // ── Showing ─────────────────────────────────────────────────────────────────────────

    #say(name) {
      return this.#view?.texts[name] ?? NOTHING[this.#language][name] ?? "";
    }

    /** Nothing came. A launcher that could say nothing stays away; what stands in the page says so in its place. */
    #fail() {
      this.#page = "home";
      this.#drawn = undefined;
      this.#launcher?.classList.remove("ready");
      this.close();
      if (this.#launcher) return;
      this.#panel.lang = this.#language;
      const place = this.#panel.querySelector(".lost") ?? this.#lost();
      place.querySelector("p").textContent = this.#say("failed");
      const again = place.querySelector("button");
      again.textContent = this.#say("again");
      again.removeAttribute("aria-disabled");
    }

    /** The button stays under the finger, or under the focus, however often it fails. */
    #lost() {
      const said = make("p", { role: "status" });
      const again = make("button", { type: "button", onclick: () => {
        if (again.hasAttribute("aria-disabled")) return;
        again.setAttribute("aria-disabled", "true");
        said.textContent = this.#say("waiting");
        this.#load(true);
      } });
      const place = make("div", { class: "cart acts lost" }, said, again);
      this.#panel.replaceChildren(place);
      return place;
    }

    #draw() {
      const began = performance.now();
      const view = this.#view;
      for (const part of [this.#launcher, this.#panel]) part?.setAttribute("lang", this.#language);
      if (this.#launcher) {
        const amount = view.member?.wallets[0]?.amount;
        this.#launcher.replaceChildren(star(), amount ?? this.#say("open"));
        this.#launcher.setAttribute("aria-label", [this.#say("open"), amount].filter(Boolean).join(": "));
        this.#launcher.classList.add("ready");
      }
      // What nobody sees yet is made when it is opened; what somebody is in the middle of stays.
      if (this.#page === "home" && this.#dialog?.open !== false) this.#fill(view);
      performance.measure("lojal-widget-draw", { start: began });
    }

    #fill(view) {
      const drawn = JSON.stringify([view, this.#guestFor]);
      if (drawn !== this.#drawn) {
        const scrolling = this.#dialog ?? this;
        const top = this.#drawn && scrolling.scrollTop;
        const called = element => element.getAttribute("aria-label") ?? (element.id || element.textContent);
        const before = this.#root.activeElement;
        const focused = this.#panel.contains(before) && called(before);
        this.#drawFriend = undefined;
        if (this.#mode === "quote") this.#panel.replaceChildren(this.#cart());
        else if (this.#mode === "code") this.#panel.replaceChildren(this.#friend(view) ?? this.#recommend(view) ?? "");
        else this.#panel.replaceChildren(this.#head(view.member?.hello ?? view.name), ...(view.member ? this.#member(view) : this.#guest(view)));
        this.#drawn = drawn;
        if (top) scrolling.scrollTop = top;
        if (focused) {
          const same = [...this.#panel.querySelectorAll("button, a")].find(element => called(element) === focused);
          (same ?? this.#panel.querySelector("h2"))?.focus({ preventScroll: true });
        }
      }
      this.#drawCart();
    }

    #head(title) {
      const close = this.#dialog && make("button", { type: "button", "aria-label": this.#say("close"), onclick: () => this.close() }, "✕");
      const logo = this.#view?.logo && make("img", { src: this.#view.logo, alt: "" });
      return make("div", { class: "head" }, make("div", null, logo, make("h2", { id: "title", tabindex: "-1" }, title)), close);
    }

    /** What the cart would give. It is filled by drawCart, which screen readers are told of. */
    #cart() {
      return make("div", { class: "cart stack", role: "status" });
    }

    #drawCart() {
      const place = this.#panel.querySelector(".cart[role=status]");
      if (!place) return;
      const quote = this.#quote;
      place.hidden = !this.#order && this.#mode !== "quote";
      place.replaceChildren(...(quote
        ? [make("strong", null, quote.text), ...[quote.near].filter(Boolean).map(near => make("small", null, near))]
        : [make("span", { class: "quiet" }, this.#order ? this.#say("waiting") : this.#say("cart-empty"))]));
    }

    #section(title, ...content) {
      return make("section", null, make("h3", null, title), ...content);
    }

    #ways(view) {
      const way = ({ what, award, limits }) => make("li", { class: "stack" }, make("span", null, what), make("small", null, [award, limits].filter(Boolean).join(" · ")));
      return this.#section(this.#say("ways"), view.ways.length ? make("ul", null, view.ways.map(way)) : make("p", { class: "quiet" }, this.#say("no-ways")));
    }

    #guest(view) {
      const offer = reward => make("li", { class: "row" }, make("span", null, reward.name), make("small", null, reward.price));
      return [
        make("p", null, this.#say(this.#guestFor && this.#guestFor !== "unknown_member" ? "ended" : "lead")),
        this.#cart(),
        make("div", { class: "acts" }, make("a", { class: "button main", href: view.portal }, this.#say("join"))),
        this.#friend(view),
        this.#ways(view),
        view.rewards.length > 0 && this.#section(this.#say("offers"), make("ul", null, view.rewards.map(offer))),
      ].filter(Boolean);
    }

    #member(view) {
      const { wallets, levels, ends, vouchers } = view.member;
      const bar = (most, filled, label) => make("progress", { class: "bar", max: Math.max(most, 1), value: filled, "aria-label": label });
      const wallet = ({ amount, notes }) => make("li", null, make("strong", { class: "big" }, amount), notes.length > 0 && make("small", null, notes.join(" · ")));
      const level = it => make("li", null, make("strong", null, it.name), it.bar && bar(it.bar.most, it.bar.filled, it.bar.text), make("small", null, it.note));
      const reward = it => make("li", null,
        make("div", { class: "row" },
          make("span", { class: "stack" }, make("span", null, it.name), make("small", null, it.price)),
          it.available && make("button", { type: "button", "aria-label": `${this.#say("redeem")}: ${it.name}`, onclick: () => this.#confirm(it) }, this.#say("redeem"))),
        !it.available && bar(it.most, it.filled, it.name),
        !it.available && it.note && make("small", null, it.note));
      return [
        make("section", { "aria-label": this.#say("have") }, make("ul", null, wallets.map(wallet)), [ends, vouchers].filter(Boolean).map(said => make("p", { class: "quiet" }, said))),
        this.#cart(),
        levels.length > 0 && this.#section(this.#say("level"), make("ul", null, levels.map(level))),
        this.#section(this.#say("closest"), view.rewards.length ? make("ul", null, view.rewards.map(reward)) : make("p", { class: "quiet" }, this.#say("no-rewards"))),
        make("div", { class: "acts" }, make("a", { class: "button", href: view.portal, onclick: event => this.#enter(event) }, this.#say("portal"))),
        this.#friend(view),
        this.#recommend(view),
        this.#ways(view),
      ].filter(Boolean);
    }

    /** A code from a friend. Whether it works, and what there is for it, the server says; whose it is, nobody. */
    #friend({ referral }) {
      if (!referral?.asks) return undefined;
      const isAlone = this.#mode === "code";
      const content = make("div", { class: "stack" });
      const way = ({ what, award }) => make("li", { class: "stack" }, make("strong", null, award), make("small", null, what));
      const ask = isFocused => {
        const said = make("p", { class: "bad", role: "alert" });
        const field = make("input", { name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: "40", "aria-label": this.#say("friend-code"), placeholder: this.#say("friend-code") });
        const check = make("button", { class: "main" }, this.#say("friend-check"));
        const form = make("form", { onsubmit: async event => {
          event.preventDefault();
          if (!field.value.trim() || check.ariaDisabled) return;
          check.ariaDisabled = "true";
          said.textContent = "";
          try {
            const found = await this.#ask("/codes", { code: field.value.trim() });
            if (!found.works) throw Object.assign(new Error(found.text), { said: found.text });
            keep({ code: found.referral.code, gets: found.gets, text: found.text });
            tell(found.referral);
            draw(true);
          } catch (fault) {
            console.error(`lojal-widget: ${fault.message}`);
            said.textContent = fault.said ?? this.#say({ 422: "friend-wrong", 429: "friend-often" }[fault.status] ?? "friend-unknown");
            field.setAttribute("aria-invalid", "true");
          }
          check.ariaDisabled = null;
        } }, field, check, said);
        content.replaceChildren(form);
        if (isFocused) field.focus();
      };
      const tell = detail => this.dispatchEvent(new CustomEvent("lojal-referral", { bubbles: true, composed: true, detail }));
      const draw = isFocused => {
        const found = kept();
        if (!found) return ask(isFocused);
        const other = make("button", { type: "button", onclick: () => {
          keep(undefined);
          tell(undefined);
          ask(true);
        } }, this.#say("friend-other"));
        content.replaceChildren(make("p", { role: "status" }, make("strong", null, found.text), " ", this.#say("friend-kept")),
          found.gets?.length > 0 && make("ul", null, found.gets.map(way)) || "", other);
        if (isFocused) other.focus();
      };
      this.#drawFriend = draw;
      draw();
      if (isAlone) return this.#section(this.#say("friend"), content);
      return make("details", { open: Boolean(kept()) }, make("summary", null, this.#say("friend")), content);
    }

    /** The member's own link. */
    #recommend({ referral, portal }) {
      if (!referral?.recommends) return undefined;
      const said = make("span", { role: "status", class: "quiet" });
      const text = make("p", { class: "quiet" }, referral.link);
      const act = referral.link
        ? make("button", { type: "button", onclick: () => this.#copy(referral.link, text, said) }, this.#say("copy-link"))
        : make("a", { class: "button", href: `${portal}/invite`, onclick: event => this.#enter(event, "/portal/invite") }, this.#say("recommend-get"));
      return this.#section(this.#say("recommend"), make("div", { class: "acts" }, referral.link && text, act, said));
    }

    async #copy(text, place, said) {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        // Without leave to use the clipboard it is selected, ready to be copied by hand.
        getSelection().selectAllChildren(place);
        if (!document.execCommand("copy")) return;
      }
      said.textContent = this.#say("copied");
    }

    /** Brings the token along, behind the #, where no server's log has it. */
    #enter(event, next) {
      const link = event.currentTarget;
      if (link.hash) return;
      event.preventDefault();
      this.#token(true).catch(() => undefined).then(token => location.assign(token ? `${this.#view.portal}/enter#token=${token}${next ? `&next=${next}` : ""}` : this.#view.portal));
    }

    #turn(page, ...content) {
      this.#page = page;
      this.#drawn = undefined;
      this.#panel.replaceChildren(...content);
      this.#panel.querySelector("h2")?.focus();
    }

    #back = () => {
      if (this.#busy) return;
      this.#page = "home";
      this.#draw();
      this.#panel.querySelector("h2")?.focus();
    };

    /** Asks whether it is really meant: what is taken cannot be given back here. */
    #confirm(reward) {
      const fault = make("p", { class: "bad", role: "alert" });
      const take = make("button", { type: "button", class: "main", onclick: async () => {
        if (this.#busy) return;
        const person = this.#person;
        wait(true);
        take.textContent = this.#say("waiting");
        fault.textContent = "";
        try {
          const taken = await this.#redeem(reward);
          if (person !== this.#person) return;
          wait(false);
          this.#taken(reward, taken);
        } catch (cause) {
          console.error(`lojal-widget: ${cause.message}`);
          if (person !== this.#person) return;
          wait(false);
          fault.textContent = cause.status === 409 ? cause.message : this.#say(cause.status === 401 ? "ended" : "unsure");
          take.textContent = this.#say("again");
          // Perhaps it was taken all the same: what is there tells.
          this.#renewBehind();
        }
      } }, this.#say("redeem"));
      const leave = make("button", { type: "button", onclick: this.#back }, this.#say("not-now"));
      const wait = isBusy => {
        this.#busy = isBusy;
        for (const button of [take, leave]) button.ariaDisabled = isBusy ? "true" : null;
      };
      this.#turn("confirm", this.#head(this.#say("sure")),
        make("div", { class: "stack" }, make("strong", null, reward.name), make("p", null, reward.question ?? reward.price)), fault,
        make("div", { class: "acts" }, take, leave));
    }

    /** Takes a reward, under one name until it is known what became of it: whoever asks again does not pay twice. */
    async #redeem(reward) {
      const which = JSON.stringify([this.#home, whose(await this.#token()), reward.id]);
      const name = names.get(which) ?? once();
      names.set(which, name);
      try {
        const taken = await this.#ask("/redemptions", { reward: reward.id }, name);
        names.delete(which);
        return taken;
      } catch (fault) {
        if (REFUSED.includes(fault.status)) names.delete(which);
        throw fault;
      }
    }

    #taken(reward, { text, code, how }) {
      const said = make("span", { role: "status", class: "quiet" });
      const copy = make("button", { type: "button", class: "main", onclick: () => this.#copy(code, this.#panel.querySelector(".code"), said) }, this.#say("copy"));
      this.#turn("taken", this.#head(text), make("strong", null, reward.name),
        code && make("p", { class: "code", "aria-label": this.#say("code") + ": " + code, role: "group" }, code),
        make("p", null, how),
        make("div", { class: "acts" }, code && copy, said, make("button", { type: "button", onclick: this.#back }, this.#say("back"))));
      this.#unseen = this.#dialog?.open === false;
      const target = this.isConnected ? this : window;
      target.dispatchEvent(new CustomEvent("lojal-redeemed", { bubbles: true, composed: true, detail: { reward: reward.id, code } }));
      this.#renewBehind();
    }

    /** What is there has changed; what is on the screen stays until somebody goes back. */
    async #renewBehind() {
      answers.clear();
      if (this.isConnected) await this.#load();
      dispatchEvent(new CustomEvent("lojal-changed", { detail: this }));
    }
  }

  customElements.define("lojal-widget", LojalWidget);
  performance.measure("lojal-widget-load", { start: begun });
})();
