//! Fluent texts of one language, by key.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::kernel::Language;

/// The texts of one language. Costs a millisecond to make: keep one for each language.
pub struct Book {
    bundle: FluentBundle<FluentResource>,
}

impl Book {
    /// Of sources in Fluent's format; a later one takes the place of an earlier one, entry by entry.
    pub fn new<'s>(language: Language, sources: impl IntoIterator<Item = &'s str>) -> Book {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Marks for mixed directions of writing would only get in the way of copying and comparing.
        bundle.set_use_isolating(false);
        for source in sources {
            // A damaged entry is left out and its key shows in its place; tests keep our own whole.
            let resource = match FluentResource::try_new(source.to_owned()) {
                Ok(resource) => resource,
                Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Book { bundle }
    }

    /// The text under `key`; `None` where there is none.
    pub fn say<'v>(&self, key: &str, values: impl IntoIterator<Item = (&'v str, FluentValue<'v>)>) -> Option<String> {
        self.formatted(key, None, values)
    }

    /// A text that belongs to the one under `key`; `None` where there is none.
    pub fn say_attribute<'v>(
        &self,
        key: &str,
        attribute: &str,
        values: impl IntoIterator<Item = (&'v str, FluentValue<'v>)>,
    ) -> Option<String> {
        self.formatted(key, Some(attribute), values)
    }

    fn formatted<'v>(
        &self,
        key: &str,
        attribute: Option<&str>,
        values: impl IntoIterator<Item = (&'v str, FluentValue<'v>)>,
    ) -> Option<String> {
        let message = self.bundle.get_message(key)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let values: FluentArgs<'_> = values.into_iter().collect();
        Some(self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned())
    }
}
