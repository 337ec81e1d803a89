//! What the portal writes to members by mail.

use minijinja::context;

use crate::platform::appearance::{Colours, PictureUse, scheme};
use crate::platform::mail::Letter;
use crate::platform::pages::{Frame, PageError, PageState};
use crate::platform::thanks::Side;
use crate::platform::visitors::CODE_KEPT;

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
    let greeting = match name {
        Some(name) => texts.say("portal-mail-greeting-name", None, &[("name", name.to_owned())]),
        None => texts.say("portal-mail-greeting", None, &[]),
    };
    let shop_is = [("shop", shop.clone())];
    let text = [
        greeting.clone(),
        format!("{} {code}", texts.say("portal-mail-code", None, &shop_is)),
        texts.say("portal-mail-kept", Some(minutes), &[]),
        format!("{}\n{link}", texts.say("portal-mail-link-text", None, &[])),
        texts.say("portal-mail-not-you", None, &[]),
    ]
    .join("\n\n");
    // Letters are on white, whatever the ground of the pages is.
    let look = state.pages.look();
    let chosen = &look.appearance.light;
    let palette = scheme(&Colours { ground: None, accent: chosen.accent }, false);
    let logo = look.picture(PictureUse::Logo).map(|address| format!("{}{address}", state.public));
    let content = context! {
        shop => shop.as_str(),
        greeting,
        code,
        link,
        minutes,
        logo,
        accent => palette.accent.to_string(),
        on_accent => palette.on_accent.to_string(),
    };
    let html = state.pages.render("portal/mail.html", frame, content)?;
    let subject = texts.say("portal-mail-subject", None, &[("shop", shop), ("code", code.to_owned())]);
    Ok(Letter { subject, text, html })
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
    let greeting = match name {
        Some(name) => texts.say("portal-mail-greeting-name", None, &[("name", name.to_owned())]),
        None => texts.say("portal-mail-greeting", None, &[]),
    };
    let key = if side == Side::Advocate { "thanks-from-advocate" } else { "thanks-from-friend" };
    let said = texts.say(key, None, &[("message", message.to_owned())]);
    let why = texts.say("thanks-mail-why", None, &[("shop", shop.clone())]);
    let text = [greeting.as_str(), &said, &link, &why].join("\n\n");
    let look = state.pages.look();
    let palette = scheme(&Colours { ground: None, accent: look.appearance.light.accent }, false);
    let content = context! {
        shop => shop.as_str(),
        greeting,
        said,
        link,
        why,
        logo => look.picture(PictureUse::Logo).map(|address| format!("{}{address}", state.public)),
        accent => palette.accent.to_string(),
        on_accent => palette.on_accent.to_string(),
    };
    let html = state.pages.render("portal/thanks-mail.html", frame, content)?;
    let subject = texts.say("thanks-mail-subject", None, &[("shop", shop)]);
    Ok(Letter { subject, text, html })
}
