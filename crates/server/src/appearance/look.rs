//! Name, pictures, colours and type; what of it members see, and the way back.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use lojal_core::kernel::Language;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::draft::{Standing, change, current, tried};
use super::pages::HERE;
use crate::platform::appearance::{
    Appearance, Colour, Corners, ENOUGH, LONGEST_NAME, Letters, PictureUse, TemplateFault, Theme, appearance_draft,
    appearance_draft_forget, appearance_find, appearance_list, appearance_publish, better_ground, fault_forget,
    fault_list, picture, picture_keep, pictures_tidy, scheme, style_fault,
};
use crate::platform::pages::{Form, PageError, PageState, Upload, see_other};
use crate::platform::staff::{Manages, Staff, account_list};

/// A colour that can be chosen.
#[derive(Serialize)]
struct ColourView {
    name: &'static str,
    theme: &'static str,
    part: &'static str,
    value: String,
    built_in: String,
    /// How well it is read, as a ratio to one.
    ratio: String,
    /// What would be read well enough, where this is not.
    better: Option<String>,
    is_unreadable: bool,
}

const COLOURS: [(&str, Theme, &str); 4] = [
    ("light_accent", Theme::Light, "accent"),
    ("light_ground", Theme::Light, "ground"),
    ("dark_accent", Theme::Dark, "accent"),
    ("dark_ground", Theme::Dark, "ground"),
];

#[derive(Serialize)]
struct VersionView {
    number: i64,
    when: String,
    who: String,
    is_live: bool,
}

#[derive(Serialize)]
struct FaultView {
    template: String,
    line: i64,
    reason: String,
}

impl FaultView {
    fn new(fault: TemplateFault) -> FaultView {
        FaultView { template: fault.template, line: fault.line, reason: fault.reason }
    }
}

/// What the page says beside the form.
#[derive(Default)]
struct Said {
    /// The key of why nothing was done.
    refused: Option<&'static str>,
    /// The key of what is wrong with a picture, by what it is for.
    picture: Option<(&'static str, &'static str)>,
    template: Option<TemplateFault>,
}

pub async fn page(staff: Staff<Manages>, State(state): State<PageState>) -> Result<Response, PageError> {
    let (appearance, _) = current(&mut *state.application.database.read().await?).await?;
    Ok(shown(&staff, &state, &filled(&appearance), Said::default()).await?.into_response())
}

/// The form as the draft has it.
fn filled(appearance: &Appearance) -> Form {
    let mut form = Form::default();
    for language in Language::ALL {
        let name = appearance.name(language).unwrap_or_default();
        form = form.with(&format!("name_{}", language.tag()), name);
    }
    for (name, theme, part) in COLOURS {
        let palette = scheme(appearance.colours(theme == Theme::Dark), theme == Theme::Dark);
        let colour = if part == "accent" { palette.accent } else { palette.ground };
        form = form.with(name, colour.to_string());
    }
    form.with("corners", appearance.corners.name()).with("letters", appearance.letters.name())
}

/// Puts what was typed into an appearance, and notes what is wrong with it.
fn taken(form: &mut Form, appearance: &mut Appearance) {
    for (field, language) in [("name_pl", Language::Pl), ("name_en", Language::En)] {
        let name = form.text(field).to_owned();
        if name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
            form.fault(field, "fault-too-long");
        }
        match name.is_empty() {
            true => drop(appearance.names.remove(language.tag())),
            false => drop(appearance.names.insert(language.tag().to_owned(), name)),
        }
    }
    for (name, theme, part) in COLOURS {
        let is_dark = theme == Theme::Dark;
        let built_in = scheme(&Default::default(), is_dark);
        let usual = if part == "accent" { built_in.accent } else { built_in.ground };
        let Ok(colour) = form.text(name).parse::<Colour>() else {
            form.fault(name, "fault-colour");
            continue;
        };
        let chosen = if is_dark { &mut appearance.dark } else { &mut appearance.light };
        let place = if part == "accent" { &mut chosen.accent } else { &mut chosen.ground };
        *place = Some(colour).filter(|colour| *colour != usual);
    }
    for (accent, ground, is_dark) in [("light_accent", "light_ground", false), ("dark_accent", "dark_ground", true)] {
        let palette = scheme(appearance.colours(is_dark), is_dark);
        // What is not read on its ground is not to be mended by another accent.
        if better_ground(&palette, is_dark).is_some() || palette.text_contrast() < ENOUGH {
            form.fault(ground, "fault-contrast-ground");
        } else if palette.better_accent().is_some() {
            form.fault(accent, "fault-contrast-accent");
        }
    }
    match Corners::named(form.text("corners")) {
        Some(corners) => appearance.corners = corners,
        None => form.fault("corners", "fault-required"),
    }
    match Letters::named(form.text("letters")) {
        Some(letters) => appearance.letters = letters,
        None => form.fault("letters", "fault-required"),
    }
}

/// The colours of a form, with how well each is read.
fn colours(form: &Form) -> Vec<ColourView> {
    let mut typed = form.clone();
    let mut appearance = Appearance::default();
    taken(&mut typed, &mut appearance);
    let view = |(name, theme, part): (&'static str, Theme, &'static str)| {
        let is_dark = theme == Theme::Dark;
        let (palette, built_in) = (scheme(appearance.colours(is_dark), is_dark), scheme(&Default::default(), is_dark));
        let is_unreadable = typed.faults.contains_key(name);
        let (ratio, better, usual) = match part {
            "accent" => (palette.accent_contrast(), palette.better_accent(), built_in.accent),
            _ => (palette.text_contrast(), better_ground(&palette, is_dark), built_in.ground),
        };
        ColourView {
            name,
            theme: theme.name(),
            part,
            value: form.text(name).to_owned(),
            built_in: usual.to_string(),
            ratio: format!("{}.{:02}", ratio / 100, ratio % 100),
            better: better.filter(|_| is_unreadable).map(|colour| colour.to_string()),
            is_unreadable,
        }
    };
    COLOURS.into_iter().map(view).collect()
}

async fn shown(staff: &Staff<Manages>, state: &PageState, form: &Form, said: Said) -> Result<Html<String>, PageError> {
    // What was noticed while pages were made is to be said here.
    state.dressed().await;
    let mut connection = state.application.database.read().await?;
    let (appearance, draft) = current(&mut connection).await?;
    let versions = appearance_list(&mut connection).await?;
    let faults = fault_list(&mut connection).await?;
    let names: BTreeMap<i64, String> =
        account_list(&mut connection).await?.into_iter().map(|account| (account.id, account.name)).collect();
    drop(connection);
    let words = &state.pages.texts(staff.frame.language()).words;
    let calendar = state.application.calendar();
    let who = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let live = versions.first().map_or(0, |version| version.number);
    let views = versions.iter().map(|version| VersionView {
        number: version.number,
        when: words.moment_in(&calendar, version.made_at),
        who: who(version.made_by),
        is_live: version.number == live,
    });
    let mut colours = colours(form);
    if staff.frame.language() == Language::Pl {
        colours.iter_mut().for_each(|colour| colour.ratio = colour.ratio.replace('.', ","));
    }
    let address = |purpose: PictureUse| match purpose {
        PictureUse::Logo => appearance.logo.as_ref().map(|picture| picture.address(purpose)),
        PictureUse::Icon => appearance.icon.as_ref().map(|picture| picture.address(purpose)),
    };
    let content = context! {
        standing => Value::from(Serde(&Standing::of(staff, state).await?)),
        form => Value::from(Serde(form)),
        colours => Value::from(Serde(&colours)),
        corners => Corners::ALL.map(Corners::name),
        letters => Letters::ALL.map(Letters::name),
        logo => address(PictureUse::Logo),
        icon => address(PictureUse::Icon),
        programme => state.programme_name(staff.frame.language()),
        versions => Value::from(Serde(&views.collect::<Vec<_>>())),
        faults => Value::from(Serde(&faults.into_iter().map(FaultView::new).collect::<Vec<_>>())),
        drafted => draft.map(|draft| words.moment_in(&calendar, draft.made_at)),
        refused => said.refused,
        picture_fault => said.picture.map(|(_, key)| key),
        picture_of => said.picture.map(|(purpose, _)| purpose),
        template_fault => Value::from(Serde(&said.template.map(FaultView::new))),
    };
    state.pages.html("appearance/look.html", &staff.frame, content)
}

/// Keeps what was typed in the draft, if it can be read.
pub async fn save(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    mut form: Form,
) -> Result<Response, PageError> {
    // The colour that was offered, taken by one click.
    if let Some((name, colour)) = form.text("take").split_once(':').map(|(name, it)| (name.to_owned(), it.to_owned()))
        && COLOURS.iter().any(|(known, _, _)| *known == name)
    {
        form.values.insert(name, colour);
    }
    taken(&mut form, &mut Appearance::default());
    if !form.is_sound() {
        return Ok(shown(&staff, &state, &form, Said::default()).await?.into_response());
    }
    change(&staff, &state, "look", |appearance| taken(&mut form, appearance)).await?;
    Ok(see_other(HERE))
}

/// Takes a picture into the draft.
pub async fn bring(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(purpose): Path<String>,
    upload: Upload,
) -> Result<Response, PageError> {
    let purpose = PictureUse::named(&purpose).ok_or(PageError::NOT_FOUND)?;
    let file = upload.file("picture");
    let taken = match file.is_empty() {
        true => Err("fault-required"),
        false => picture(file, purpose).map_err(|fault| fault.key()),
    };
    let picture = match taken {
        Ok(picture) => picture,
        Err(key) => {
            let (appearance, _) = current(&mut *state.application.database.read().await?).await?;
            let said = Said { picture: Some((purpose.name(), key)), ..Said::default() };
            return Ok(shown(&staff, &state, &filled(&appearance), said).await?.into_response());
        }
    };
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    picture_keep(&mut transaction, &picture, application.clock.now()).await?;
    transaction.commit().await?;
    change(&staff, &state, purpose.name(), |appearance| match purpose {
        PictureUse::Logo => appearance.logo = Some(picture.known),
        PictureUse::Icon => appearance.icon = Some(picture.known),
    })
    .await?;
    Ok(see_other(HERE))
}

pub async fn remove(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(purpose): Path<String>,
) -> Result<Response, PageError> {
    let purpose = PictureUse::named(&purpose).ok_or(PageError::NOT_FOUND)?;
    change(&staff, &state, purpose.name(), |appearance| match purpose {
        PictureUse::Logo => appearance.logo = None,
        PictureUse::Icon => appearance.icon = None,
    })
    .await?;
    Ok(see_other(HERE))
}

/// Makes the draft what members see, if all pages can be made with it.
pub async fn publish(staff: Staff<Manages>, State(state): State<PageState>) -> Result<Response, PageError> {
    let Some(draft) = appearance_draft(&mut *state.application.database.read().await?).await? else {
        return Ok(see_other(HERE));
    };
    let fault = tried(&state, &draft.appearance).await?;
    if fault.is_some() || style_fault(&draft.appearance.style).is_some() {
        let said = Said { refused: Some("appearance-not-published"), template: fault, picture: None };
        return Ok(shown(&staff, &state, &filled(&draft.appearance), said).await?.into_response());
    }
    match put_up(&staff, &state, &draft.appearance, "appearance_published", true).await? {
        true => Ok(see_other(HERE)),
        false => {
            let (appearance, _) = current(&mut *state.application.database.read().await?).await?;
            let said = Said { refused: Some("appearance-moved-on"), ..Said::default() };
            Ok(shown(&staff, &state, &filled(&appearance), said).await?.into_response())
        }
    }
}

/// Makes an earlier version what members see again. The draft stays.
pub async fn go_back(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(number): Path<i64>,
) -> Result<Response, PageError> {
    let version = appearance_find(&mut *state.application.database.read().await?, number).await?;
    let version = version.ok_or(PageError::NOT_FOUND)?;
    put_up(&staff, &state, &version.appearance, "appearance_returned", false).await?;
    Ok(see_other(HERE))
}

/// Whether it was published: a draft that others have changed since it was tried is not.
async fn put_up(
    staff: &Staff<Manages>,
    state: &PageState,
    appearance: &Appearance,
    action: &str,
    is_draft: bool,
) -> Result<bool, PageError> {
    let application = &state.application;
    let now = application.clock.now();
    let mut transaction = application.database.write().await?;
    if is_draft {
        let kept = appearance_draft(&mut transaction).await?;
        if kept.is_none_or(|kept| kept.appearance != *appearance) {
            return Ok(false);
        }
        appearance_draft_forget(&mut transaction).await?;
    }
    let number = appearance_publish(&mut transaction, appearance, staff.account.id, now).await?;
    fault_forget(&mut transaction).await?;
    pictures_tidy(&mut transaction, now).await?;
    staff.note(&mut transaction, application, action, number.to_string(), "").await?;
    transaction.commit().await?;
    state.wardrobe.open();
    Ok(true)
}

pub async fn discard(staff: Staff<Manages>, State(state): State<PageState>) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write().await?;
    appearance_draft_forget(&mut transaction).await?;
    staff.note(&mut transaction, application, "appearance_discarded", "", "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}
