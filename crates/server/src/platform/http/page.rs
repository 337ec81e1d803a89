//! Lists: a page at a time, from a cursor on.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::fields::Lang;
use super::problem::Problem;

const DEFAULT_LIMIT: usize = 50;
const LARGEST_LIMIT: usize = 200;
const LONGEST_CURSOR: usize = 64;

/// Where a page begins: what `next_cursor` of the page before said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub String);

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cursor, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        if (1..=LONGEST_CURSOR).contains(&text.len()) && text.bytes().all(known) {
            Ok(Cursor(text))
        } else {
            Err(serde::de::Error::custom("is no cursor; take it from next_cursor of the page before"))
        }
    }
}

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(LONGEST_CURSOR))
            .pattern(Some("^[0-9a-z_-]+$"));
        Schema::Object(object.build()).into()
    }
}

impl ToSchema for Cursor {}

/// How many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub usize);

impl Default for Limit {
    fn default() -> Limit {
        Limit(DEFAULT_LIMIT)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Limit, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let limit = text.parse().ok().filter(|limit| (1..=LARGEST_LIMIT).contains(limit));
        limit
            .map(Limit)
            .ok_or_else(|| serde::de::Error::custom(format_args!("is no whole number between 1 and {LARGEST_LIMIT}")))
    }
}

impl PartialSchema for Limit {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(LARGEST_LIMIT as i64))
            .default(Some(DEFAULT_LIMIT.into()));
        Schema::Object(object.build()).into()
    }
}

impl ToSchema for Limit {}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Where to begin: `next_cursor` of the page before.
    #[param(inline, required = false)]
    pub cursor: Option<Cursor>,
    /// How many at once.
    #[serde(default)]
    #[param(inline, required = false)]
    pub limit: Limit,
}

/// As [`PageQuery`], for lists that can be said in words.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WordedPageQuery {
    /// Where to begin: `next_cursor` of the page before.
    #[param(inline, required = false)]
    pub cursor: Option<Cursor>,
    /// How many at once.
    #[serde(default)]
    #[param(inline, required = false)]
    pub limit: Limit,
    /// Adds a sentence in this language to each.
    #[param(inline, required = false)]
    pub lang: Option<Lang>,
}

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    pub data: Vec<T>,
    /// Whether more follow.
    pub has_more: bool,
    /// Where the next page begins; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is never longer than one page.
    pub fn whole(data: Vec<T>) -> Page<T> {
        Page { data, has_more: false, next_cursor: None }
    }
}

/// A cursor that no page has given.
pub fn unknown_cursor() -> Problem {
    let detail = "cursor: is no cursor of this list; take it from next_cursor of the page before";
    Problem::new(axum::http::StatusCode::BAD_REQUEST, "invalid_parameter", detail)
}
