//! What the portal writes to members by mail, and as text messages.

use minijinja::context;
use minijinja::value::Value;

use super::confirm;
use crate::platform::appearance::{Colours, PictureUse, scheme};
use crate::platform::mail::Letter;
use crate::platform::pages::{Frame, PageError, PageState, Texts};
use crate::platform::thanks::Side;
use crate::platform::visitors::{CODE_KEPT, SECOND_STEP_KEPT};

/// The letter with a code. The link has the code behind its `#`, where no server on the way sees it.
pub fn code_letter(
    state: &PageState,
    frame: &Frame,
    name: Option<&str>,
    ticket: &str,
    code: &str,
) -> Result<Letter, PageError> {
    let texts = state.pages.texts(frame.language());
    let shop = state.shop_name(frame.language());
    let link = format!("{}/portal/sign-in/code#ticket={ticket}&code={code}", state.public);
    let minutes = CODE_KEPT.as_mins();
    let greeting = greeting(texts, name);
    let shop_is = [("shop", shop.clone())];
    let text = [
        greeting.clone(),
        format!("{} {code}", texts.say("portal-mail-code", None, &shop_is)),
        texts.say("portal-mail-kept", Some(minutes), &[]),
        format!("{}\n{link}", texts.say("portal-mail-link-text", None, &[])),
        texts.say("portal-mail-not-you", None, &[]),
    ]
    .join("\n\n");
    let content = context! { shop => shop.as_str(), greeting, code, link, minutes, ..paper(state) };
    let html = state.pages.render("portal/mail.html", frame, content)?;
    let subject = texts.say("portal-mail-subject", None, &[("shop", shop), ("code", code.to_owned())]);
    Ok(Letter { subject, text, html })
}

/// The letter that asks a friend to confirm a recommendation. The link leads to where the code is entered, and is of no
/// use without it: whatever opens links of letters by itself confirms nothing.
pub fn confirmation_letter(
    state: &PageState,
    frame: &Frame,
    name: Option<&str>,
    ticket: &str,
    code: &str,
) -> Result<Letter, PageError> {
    let texts = state.pages.texts(frame.language());
    let shop = state.shop_name(frame.language());
    let link = confirmation_link(state, ticket);
    let minutes = SECOND_STEP_KEPT.as_mins();
    let greeting = greeting(texts, name);
    let shop_is = [("shop", shop.clone())];
    let text = [
        greeting.clone(),
        texts.say("confirm-mail-why", None, &shop_is),
        format!("{} {code}", texts.say("confirm-mail-code", None, &[])),
        texts.say("confirm-mail-kept", Some(minutes), &[]),
        format!("{}\n{link}", texts.say("confirm-mail-link-text", None, &[])),
        texts.say("confirm-mail-not-you", None, &[]),
    ]
    .join("\n\n");
    let content = context! { shop => shop.as_str(), greeting, code, link, minutes, ..paper(state) };
    let html = state.pages.render("portal/confirm-mail.html", frame, content)?;
    let subject = texts.say("confirm-mail-subject", None, &[("shop", shop), ("code", code.to_owned())]);
    Ok(Letter { subject, text, html })
}

/// The same as a text message: short, and without letters that make it cost more.
pub fn confirmation_text(state: &PageState, frame: &Frame, ticket: &str, code: &str) -> String {
    let texts = state.pages.texts(frame.language());
    let values = [
        ("shop", state.shop_name(frame.language())),
        ("code", code.to_owned()),
        ("link", confirmation_link(state, ticket)),
    ];
    texts.say("confirm-sms", None, &values)
}

/// The letter with a word of thanks: a prepared message, and nobody's name but that of the reader.
pub fn thanks_letter(
    state: &PageState,
    frame: &Frame,
    name: Option<&str>,
    side: Side,
    message: &str,
) -> Result<Letter, PageError> {
    let texts = state.pages.texts(frame.language());
    let shop = state.shop_name(frame.language());
    let link = format!("{}/portal", state.public);
    let greeting = greeting(texts, name);
    let key = if side == Side::Advocate { "thanks-from-advocate" } else { "thanks-from-friend" };
    let said = texts.say(key, None, &[("message", message.to_owned())]);
    let why = texts.say("thanks-mail-why", None, &[("shop", shop.clone())]);
    let text = [greeting.as_str(), &said, &link, &why].join("\n\n");
    let content = context! {
        shop => shop.as_str(),
        greeting,
        said,
        link,
        why,
        ..paper(state)
    };
    let html = state.pages.render("portal/thanks-mail.html", frame, content)?;
    let subject = texts.say("thanks-mail-subject", None, &[("shop", shop)]);
    Ok(Letter { subject, text, html })
}

fn confirmation_link(state: &PageState, ticket: &str) -> String {
    format!("{}{}/{ticket}", state.public, confirm::HERE)
}

fn greeting(texts: &Texts, name: Option<&str>) -> String {
    match name {
        Some(name) => texts.say("portal-mail-greeting-name", None, &[("name", name.to_owned())]),
        None => texts.say("portal-mail-greeting", None, &[]),
    }
}

/// What letters are written on: white, whatever the ground of the pages is.
fn paper(state: &PageState) -> Value {
    let look = state.pages.look();
    let chosen = &look.appearance.light;
    let palette = scheme(&Colours { ground: None, accent: chosen.accent }, false);
    let logo = look.picture(PictureUse::Logo).map(|address| format!("{}{address}", state.public));
    context! { logo, accent => palette.accent.to_string(), on_accent => palette.on_accent.to_string() }
}
