//! What goes wrong around the widget, in a real browser: people sign in and out, answers are lost or late, tokens end,
//! panels are closed too early. The shop stands between the widget and the server, and holds or loses what it likes.

use lojal_testing::{Browser, View};

use crate::widget::Demo;

const ESCAPE: char = '\u{e00c}';

/// Takes the place of `fetch`. A token `x.….x` names whoever the test says; Ada's is changed for that of the demo's
/// member, Bob is Ada with other figures, and whoever is called `ended` has a token that is over.
const SHOP: &str = r#"
const real = window.fetch.bind(window);
const key = document.querySelector("lojal-widget").getAttribute("key");
const member = real("/demo/token").then(answer => answer.json()).then(answer => answer.token);
const held = [];
const shop = window.shop = {
  who: "ada", status: 200, page: undefined, asked: [], given: 0, hold: () => false, lose: false, down: false, redeemed: [],
  token: sub => ["x", btoa(JSON.stringify({ sub })).replaceAll("=", ""), "x"].join("."),
  release() { shop.hold = () => false; for (const go of held.splice(0)) go(); },
  put(attributes) {
    const widget = document.createElement("lojal-widget");
    for (const [name, value] of Object.entries({ key, ...attributes })) widget.setAttribute(name, value);
    document.querySelector("lojal-widget").replaceWith(widget);
  },
  cart: quantity => ({ currency: "PLN", lines: [{ id: "1", sku: "mug", quantity, unit_price: "10.00" }] }),
};
addEventListener("lojal-redeemed", event => shop.redeemed.push(event.detail));
window.fetch = async (address, options) => {
  if (address === "/token") {
    if (shop.status !== 200) return new Response(null, { status: shop.status });
    return new Response(shop.page ?? JSON.stringify({ token: shop.token(shop.who) }));
  }
  const path = new URL(address).pathname;
  const headers = new Headers(options.headers);
  const bearer = headers.get("authorization").slice(7);
  const who = bearer.startsWith("x.") ? JSON.parse(atob(bearer.split(".")[1])).sub : "guest";
  const body = options.body && JSON.parse(options.body);
  shop.asked.push({ path, who, once: headers.get("idempotency-key") });
  if (shop.hold(path, body)) await new Promise(go => held.push(go));
  if (shop.down) throw new TypeError("there is no network");
  if (who === "ended" || who === shop.over) return new Response(JSON.stringify({ code: "token_ended", detail: "It has ended." }), { status: 401 });
  if (who !== "guest") headers.set("authorization", `Bearer ${await member}`);
  let answer = await real(address, { ...options, headers });
  if (path.endsWith("/redemptions") && shop.lose) throw new TypeError("the answer was lost");
  if (path.endsWith("/quotes")) answer = new Response(JSON.stringify({ text: `A cart of ${body.lines[0].quantity} for ${who}`, reasons: [] }));
  if (path === "/v1/widget" && (who === "bob" || shop.amount)) {
    const view = await answer.json();
    if (view.member) view.member.wallets = [{ amount: shop.amount ?? "7 points", notes: [] }];
    answer = new Response(JSON.stringify(view));
  }
  shop.given += 1;
  return answer;
};
"#;

/// The page of a shop with one widget.
struct Stage {
    demo: Demo,
    browser: Browser,
}

/// What scripts speak of.
fn about(script: &str) -> String {
    format!(
        "const widget = document.querySelector('lojal-widget'); const inside = widget.shadowRoot;
         const plain = found => (found?.textContent ?? '').replaceAll('\\u00a0', ' ');
         const launcher = () => plain(inside.querySelector('.launcher.ready'));
         const panel = () => plain(inside.querySelector('.panel'));
         const press = selector => inside.querySelector(selector).click();
         const isOpen = () => inside.querySelector('dialog').open;
         {script}"
    )
}

const IS_GUEST: &str = "return launcher() === 'Points and rewards'";
const IS_MEMBER: &str = "return /[0-9] points/.test(launcher())";
const ASKS: &str = "return panel().startsWith('Do you want it?')";
const HAS_CODE: &str = "return inside.querySelector('.code')?.textContent.length > 5";

impl Stage {
    async fn open() -> Stage {
        let demo = Demo::start("en").await;
        let browser = Browser::open(View { width: 1440, is_dark: false, language: "en" }).await;
        Stage { demo, browser }
    }

    /// A page of its own for what is tried next.
    async fn put(&self, attributes: &str) {
        self.demo.open(&self.browser, "/demo/account").await;
        self.browser.run(&format!("{SHOP}; shop.put({attributes})")).await;
    }

    async fn run(&self, script: &str) {
        self.browser.run(&about(script)).await;
    }

    async fn comes(&self, script: &str) {
        self.browser.comes(&about(script)).await;
    }

    /// What must not happen has had time to happen.
    async fn settle(&self) {
        self.browser.run("window.settled = false; setTimeout(() => { window.settled = true; }, 400)").await;
        self.browser.comes("return window.settled").await;
    }

    async fn holds(&self, script: &str) {
        assert_eq!(self.browser.run(&about(script)).await, true, "{script}");
    }

    /// Opens the panel, and asks for the first reward there is.
    async fn ask_for_one(&self) {
        self.comes(IS_MEMBER).await;
        self.run("if (!isOpen()) widget.open(); press('li .row button')").await;
        self.comes(ASKS).await;
    }
}

#[tokio::test]
async fn whatever_goes_wrong_nobody_sees_another_s_points_and_nobody_pays_twice() {
    let stage = Stage::open().await;
    another_customer(&stage).await;
    no_token(&stage).await;
    an_ended_token(&stage).await;
    a_lost_answer(&stage).await;
    a_panel_closed_too_early(&stage).await;
    a_widget_that_is_gone(&stage).await;
    no_network(&stage).await;
    late_answers(&stage).await;
    what_is_in_use_stays(&stage).await;
    no_script(&stage).await;
    stage.browser.close().await;
}

/// A page that is never loaded anew: Ada signs out, Bob signs in.
async fn another_customer(stage: &Stage) {
    stage.put("{ 'token-url': '/token' }").await;
    stage.comes(IS_MEMBER).await;
    stage
        .holds("return inside.querySelector('.panel').dir === 'ltr' && inside.querySelector('.launcher').lang === 'en'")
        .await;
    stage.run("widget.open(); press('li .row button')").await;
    stage.holds(ASKS).await;
    stage.run("widget.removeAttribute('token-url')").await;
    stage.holds("return !isOpen() && !panel().includes('Do you want it?')").await;
    stage.comes(IS_GUEST).await;
    stage.run("shop.who = 'bob'; widget.setAttribute('token-url', '/token')").await;
    stage.comes("return launcher() === '7 points'").await;
    stage.run("widget.open()").await;
    stage.holds("return panel().includes('7 points')").await;

    // A fresh token for the same member is no other customer.
    stage.run("shop.who = 'ada'; shop.put({ token: shop.token('ada') })").await;
    stage.ask_for_one().await;
    stage.run("shop.given = 0; widget.setAttribute('token', shop.token('ada') + 'y')").await;
    stage.comes("return shop.given > 0").await;
    stage.holds(ASKS).await;

    // A reward that Ada asks for is not taken for Bob, who has signed in since.
    stage.put("{ 'token-url': '/token' }").await;
    stage.run("shop.who = 'ended'; shop.hold = (path) => path === '/v1/widget'").await;
    stage.comes("return shop.asked.length > 0").await;
    stage.run("shop.who = 'ada'; shop.release()").await;
    stage.ask_for_one().await;
    stage
        .run(
            "const before = window.fetch; let isFirst = true;
             window.fetch = async (address, options) => {
               if (!address.includes('/redemptions') || !isFirst) return before(address, options);
               isFirst = false; shop.who = 'bob';
               return new Response(JSON.stringify({ code: 'token_ended', detail: 'It has ended.' }), { status: 401 });
             };
             press('.acts .main')",
        )
        .await;
    stage.comes("return panel().includes('You are no longer signed in.')").await;
    stage.holds("return shop.asked.every(one => !one.path.endsWith('/redemptions'))").await;
}

/// The shop has no token at the moment: a guest looks at the page until there is one.
async fn no_token(stage: &Stage) {
    for trouble in
        ["shop.status = 503", "shop.status = 401", "shop.status = 204", "shop.page = '<!doctype html>Sign in'"]
    {
        stage.put("{}").await;
        stage.run(&format!("{trouble}; shop.put({{ 'token-url': '/token' }})")).await;
        stage.comes(IS_GUEST).await;
        stage.run("shop.status = 200; shop.page = undefined").await;
        stage.run("dispatchEvent(new Event('online'))").await;
        stage.comes(IS_MEMBER).await;
    }
    // A change of the cart is as good a reason to ask again.
    stage.run("shop.status = 503; shop.put({ 'token-url': '/token' })").await;
    stage.comes(IS_GUEST).await;
    stage.run("shop.status = 200; widget.quote(shop.cart(1))").await;
    stage.comes(IS_MEMBER).await;
    // Whoever is a member is not shown as a guest because the shop is out of breath.
    stage.run("shop.status = 503; shop.over = 'ada'; shop.asked = []; dispatchEvent(new Event('online'))").await;
    stage.comes("return shop.asked.length > 0").await;
    stage.settle().await;
    stage.holds(IS_MEMBER).await;
}

async fn an_ended_token(stage: &Stage) {
    stage.put("{}").await;
    stage.run("shop.put({ mode: 'inline', token: shop.token('ada') })").await;
    stage.comes("return panel().includes('Closest rewards')").await;
    // The shop's server wrote the token into the page, and it has ended since.
    stage
        .run(
            "const before = window.fetch;
             window.fetch = async (address, options) => {
               const isMember = options.headers.authorization.startsWith('Bearer x.');
               return isMember ? new Response(JSON.stringify({ code: 'token_ended', detail: 'It has ended.' }), { status: 401 }) : before(address, options);
             };
             widget.quote(shop.cart(3))",
        )
        .await;
    stage
        .comes("return panel().includes('You are no longer signed in.') && panel().includes('A cart of 3 for guest')")
        .await;
}

/// The reward was taken, and nobody was told.
async fn a_lost_answer(stage: &Stage) {
    stage.put("{ 'token-url': '/token' }").await;
    stage.ask_for_one().await;
    stage.run("window.before = launcher(); shop.hold = path => path.endsWith('/redemptions'); shop.lose = true; press('.acts .main')").await;
    stage.comes("return shop.asked.some(one => one.path.endsWith('/redemptions'))").await;
    stage.run("press('.acts button:last-child')").await;
    stage.holds(ASKS).await;
    stage.holds("return [...inside.querySelectorAll('.acts button')].every(one => one.ariaDisabled === 'true')").await;
    stage.run("shop.release()").await;
    stage.comes("return panel().includes('It is not certain that this worked.')").await;
    // The launcher tells what is left, whatever stands in the panel.
    stage.comes("return launcher() !== before").await;
    stage.holds(ASKS).await;
    stage.run("window.after = launcher(); press('.acts button:last-child')").await;
    stage.comes("return panel().includes('Closest rewards')").await;
    stage.run("shop.lose = false; shop.given = 0; press('li .row button')").await;
    stage.run("press('.acts .main')").await;
    stage.comes(HAS_CODE).await;
    stage.comes("return shop.given > 1").await;
    stage.settle().await;
    stage.holds("return launcher() === after").await;
    let names = "const names = shop.asked.filter(one => one.once).map(one => one.once)";
    stage.holds(&format!("{names}; return names.length === 2 && names[0] === names[1]")).await;
    // What is wanted after that is another one.
    stage.run("press('.acts button:last-child')").await;
    stage.ask_for_one().await;
    stage.run("press('.acts .main')").await;
    stage.comes(HAS_CODE).await;
    stage.holds(&format!("{names}; return names.length === 3 && names[2] !== names[1]")).await;
    // The figure beside the star is new at once.
    stage.comes("return launcher() !== after").await;
    stage.holds(HAS_CODE).await;
}

async fn a_panel_closed_too_early(stage: &Stage) {
    stage.put("{ 'token-url': '/token' }").await;
    stage.ask_for_one().await;
    stage.run("shop.hold = path => path.endsWith('/redemptions'); press('.acts .main')").await;
    stage.comes("return shop.asked.some(one => one.path.endsWith('/redemptions'))").await;
    stage.browser.strike(ESCAPE).await;
    stage.comes("return !isOpen()").await;
    stage.run("shop.release()").await;
    stage.comes("return shop.redeemed.length === 1").await;
    stage.run("widget.open()").await;
    stage.holds(HAS_CODE).await;
    stage.browser.strike(ESCAPE).await;
    stage.comes("return !isOpen()").await;
    stage.settle().await;
    stage.run("widget.open()").await;
    stage.holds("return panel().includes('Closest rewards')").await;
    // A text is selected, and let go of outside.
    let slip = "const dialog = inside.querySelector('dialog');
        inside.querySelector('h2').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })); dialog.click();";
    stage.holds(&format!("{slip} return dialog.open")).await;
    let outside =
        "const dialog = inside.querySelector('dialog'); dialog.dispatchEvent(new PointerEvent('pointerdown'));";
    stage.holds(&format!("{outside} dialog.click(); return !dialog.open")).await;
}

async fn a_widget_that_is_gone(stage: &Stage) {
    stage.put("{ 'token-url': '/token' }").await;
    stage.ask_for_one().await;
    stage.run("shop.hold = path => path.endsWith('/redemptions'); press('.acts .main')").await;
    stage.comes("return shop.asked.some(one => one.path.endsWith('/redemptions'))").await;
    stage.run("window.gone = widget; shop.put({}); gone.quote(shop.cart(1)); shop.release()").await;
    stage.browser.comes("return shop.redeemed.length === 1 && shop.redeemed[0].code.length > 5").await;
    // Back again, it is closed, and what was taken is there to be seen.
    stage.run("widget.replaceWith(gone)").await;
    stage.comes(IS_MEMBER).await;
    stage.holds("return !isOpen()").await;
    stage.run("widget.open()").await;
    stage.holds(&format!("if (!inside.querySelector('dialog:modal')) return false; {HAS_CODE}")).await;
    // Attributes may come late.
    stage.run("shop.put({}); document.querySelector('lojal-widget').setAttribute('mode', 'inline')").await;
    stage.comes("return !inside.querySelector('dialog') && panel().includes('Ways to earn')").await;
    stage.run("widget.style.setProperty('--lojal-height', '20rem')").await;
    stage.holds("return getComputedStyle(widget).height === '320px'").await;
    // What the shop's page hands down to all that stands in it ends at the widget.
    stage.run("document.body.style.cssText = 'text-transform: uppercase; white-space: pre; letter-spacing: 9px; font-size: 5px'").await;
    stage
        .holds(
            "const style = getComputedStyle(inside.querySelector('p'));
             return [style.textTransform, style.whiteSpace, style.letterSpacing, style.fontSize].join() === 'none,normal,normal,16px'",
        )
        .await;
}

async fn no_network(stage: &Stage) {
    // What somebody has in front of them stays.
    stage.put("{ 'token-url': '/token' }").await;
    stage.ask_for_one().await;
    stage.run("press('.acts .main')").await;
    stage.comes(HAS_CODE).await;
    stage.settle().await;
    stage.run("shop.down = true; shop.asked = []; dispatchEvent(new Event('online'))").await;
    stage.comes("return shop.asked.length > 0").await;
    stage.settle().await;
    stage.holds(&format!("if (!isOpen()) return false; {HAS_CODE}")).await;

    // “Try again” stays under the finger, and leads home.
    stage.run("shop.put({ mode: 'inline' })").await;
    stage.comes("return panel().includes('There is no connection.')").await;
    stage
        .run("window.again = inside.querySelector('.lost button'); again.focus(); shop.asked = []; again.click()")
        .await;
    stage.comes("return shop.asked.length > 0 && again.ariaDisabled === null").await;
    stage.holds("return inside.activeElement === again && panel().includes('There is no connection.')").await;
    stage.run("shop.down = false; again.click()").await;
    stage.comes("return panel().includes('Ways to earn') && inside.activeElement.id === 'title'").await;
    // So it does from the middle of something: another house, which does not answer, and then this one again.
    stage.run("shop.put({ mode: 'inline', 'token-url': '/token' })").await;
    stage.comes("return panel().includes('Closest rewards')").await;
    stage.run("press('li .row button'); shop.down = true; widget.setAttribute('src', location.origin + '/')").await;
    stage.comes("return panel().includes('There is no connection.')").await;
    stage.run("shop.down = false; press('.lost button')").await;
    stage.comes("return panel().includes('Closest rewards')").await;
}

async fn late_answers(stage: &Stage) {
    stage.put("{}").await;
    stage.run("shop.put({ mode: 'quote' })").await;
    stage.comes("return inside.textContent.includes('Put something')").await;
    // The shop has one cart, and changes it.
    stage
        .run(
            "window.basket = shop.cart(1); shop.asked = [];
             shop.hold = (path, body) => body?.lines[0].quantity === 1; widget.quote(basket)",
        )
        .await;
    stage.comes("return shop.asked.length === 1 && inside.textContent.includes('One moment')").await;
    stage.run("basket.lines[0].quantity = 2; widget.quote(basket)").await;
    stage.comes("return inside.textContent.includes('A cart of 2')").await;
    stage.run("shop.release()").await;
    stage.settle().await;
    stage.holds("return inside.textContent.includes('A cart of 2')").await;
    // What a guest is told does not stand where a member looks.
    stage.run("shop.asked = []; shop.hold = (path, body) => body; widget.quote(shop.cart(3))").await;
    stage.comes("return shop.asked.length === 1").await;
    stage.run("shop.hold = () => false; widget.setAttribute('token', shop.token('ada'))").await;
    stage.comes("return inside.textContent.includes('A cart of 3 for ada')").await;
    stage.run("shop.release()").await;
    stage.settle().await;
    stage.holds("return inside.textContent.includes('A cart of 3 for ada')").await;
}

/// What has not changed is not drawn anew, and where it has, the focus stays.
async fn what_is_in_use_stays(stage: &Stage) {
    stage.put("{ 'token-url': '/token' }").await;
    stage.comes(IS_MEMBER).await;
    stage.run("widget.open(); window.button = inside.querySelector('li .row button'); button.focus(); shop.given = 0; dispatchEvent(new Event('online'))").await;
    stage.comes("return shop.given > 0").await;
    stage.settle().await;
    stage.holds("return button.isConnected && inside.activeElement === button").await;
    stage.run("shop.amount = '8 points'; dispatchEvent(new Event('online'))").await;
    stage.comes("return panel().includes('8 points')").await;
    stage.holds("return !button.isConnected && inside.activeElement.getAttribute('aria-label') === button.getAttribute('aria-label')").await;
}

/// The widget's script is blocked: the shop goes on.
async fn no_script(stage: &Stage) {
    stage.demo.open(&stage.browser, "/demo").await;
    let blocked = "window.faults = 0; addEventListener('error', () => { window.faults += 1; });
        for (const widget of document.querySelectorAll('lojal-widget')) widget.quote = undefined;";
    stage.browser.run(blocked).await;
    stage.browser.press("button[data-sku=mug]").await;
    stage.browser.comes("return document.querySelector('.cart .lines li') !== null").await;
    assert_eq!(stage.browser.run("return window.faults").await, 0);
}
