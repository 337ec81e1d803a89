//! `/console/settings/appearance`: how the pages for members, their mails and the widget look and sound.

mod difference;
mod draft;
mod look;
pub mod pages;
mod preview;
mod sample;
mod templates;
mod texts;
