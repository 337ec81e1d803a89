//! Results of lines as JSON, and what can be asked of them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ledger_entries::LeanTransactionJson;
use crate::platform::http::fields::Lang;
use crate::platform::http::problem::ProblemJson;

#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BatchQuery {
    /// Answers what would happen and writes nothing. Each line is tried alone: none sees what those
    /// before it would have done.
    #[serde(default)]
    #[param(required = false)]
    pub dry_run: bool,
    /// Answers with the balances alone.
    #[serde(default)]
    #[param(required = false)]
    pub lean: bool,
    /// Adds a sentence in this language to each effect.
    #[param(inline, required = false)]
    pub lang: Option<Lang>,
}

/// What became of one line: `result` when it was carried out, `problem` when it was not.
#[derive(Serialize, ToSchema)]
#[schema(as = LineResult)]
pub struct LineJson<T> {
    /// The number of the line in the body, from 1; blank lines count.
    #[schema(minimum = 1)]
    pub line: u64,
    /// As a request with this line alone would be answered.
    #[schema(example = 200, minimum = 200, maximum = 599)]
    pub status: u16,
    /// Whether it had been carried out before; absent otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub repeated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultJson<T>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemJson>,
}

/// The answer that a single request would get, or the balances alone.
#[derive(Serialize, ToSchema)]
#[schema(as = LineAnswer)]
#[serde(untagged)]
pub enum ResultJson<T> {
    Whole(T),
    Lean(LeanAnswer),
}

/// What is left of an answer with `?lean=true`.
#[derive(Serialize, ToSchema)]
pub struct LeanAnswer {
    pub transaction: LeanTransactionJson,
}
