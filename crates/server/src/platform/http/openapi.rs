//! The API description: what every operation has in common is added here, once, so that no
//! operation can forget it.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, HeaderBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, Ref, RefOr,
    Response, ResponseBuilder, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::problem::{FieldError, ProblemJson};

/// The name under which handlers refer to the security scheme.
pub const KEY: &str = "key";

const ABOUT: &str = "\
Every request carries a key: `Authorization: Bearer lojal_sk_…`.

**Pages of the shop** may call what begins with `/v1/widget` themselves, with a publishable key \
(`lojal_pk_…`) or the token of a member, from origins that the shop lists in the console.

**Money** is text with a decimal point (`\"12.40\"`) in the currency that stands beside it; amounts of \
points are whole numbers. **Times** are RFC 3339.

**Repeating.** Every POST takes an `Idempotency-Key`: the same key with the same body gets the first \
answer again, for seven days; with another body it gets 409. Requests that move points require it. \
An order's own id needs no key: `PUT` it as often as you like.

**Many at once.** Addresses that end in `:batch` take NDJSON, a body on each line, and answer with a line \
for each while they read. They alone take no `Idempotency-Key`: the ids inside the lines make them repeatable.

**Trying.** `?dry_run=true` on any write answers what would happen and writes nothing.

**Problems** are RFC 9457 problem details with a stable `code`. Unknown fields and parameters are refused.

**Limits.** Every answer to a known key carries `RateLimit-Limit`, `RateLimit-Remaining` and \
`RateLimit-Reset` (seconds); 429 says when to come back in `Retry-After`. `x-request-id` is echoed, or made.";

/// The name under which handlers refer to the token of a member.
const MEMBER: &str = "member";

/// A description without operations, to which the slices add theirs.
pub fn empty() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Lojal")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let mut openapi = OpenApi::new(info, utoipa::openapi::Paths::new());
    let mut components = ComponentsBuilder::new()
        .security_scheme(KEY, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .security_scheme(
            MEMBER,
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format("JWT")
                    .description(Some("A token that the shop signs for its member."))
                    .build(),
            ),
        )
        .schema(ProblemJson::name(), ProblemJson::schema())
        .schema(FieldError::name(), FieldError::schema());
    for (status, _, name, description) in PROBLEMS {
        components = components.response(name, problem_response(status, description));
    }
    openapi.components = Some(components.build());
    openapi
}

/// When an operation can answer with a problem.
type Applies = fn(&Seen) -> bool;

/// What decides which problems an operation can answer with.
struct Seen {
    writes: bool,
    body: bool,
    path: bool,
}

const PROBLEMS: [(&str, Applies, &str, &str); 11] = [
    (
        "400",
        |_| true,
        "BadRequest",
        "The request cannot be read: broken JSON or UTF-8, or a parameter or header that cannot be.",
    ),
    ("401", |_| true, "Unauthorized", "No key, or one that is not known."),
    ("403", |_| true, "Forbidden", "The key may not do this."),
    ("404", |seen| seen.path || seen.writes, "NotFound", "What the address or the body names does not exist."),
    ("408", |seen| seen.body, "TooSlow", "The body took too long to arrive."),
    ("409", |_| true, "Conflict", "The state of things stands in the way; `code` and `facts` say which."),
    ("413", |seen| seen.body, "TooLarge", "The body is too large."),
    ("415", |seen| seen.body, "NotJson", "The body is of another kind than `Content-Type` should say."),
    ("422", |seen| seen.writes, "Unprocessable", "Fields are wrong; `errors` names them by JSON pointer."),
    ("429", |_| true, "TooManyRequests", "Too many requests; `Retry-After` says when to try again."),
    ("500", |_| true, "Internal", "Something went wrong on our side. The request may be repeated with the same key."),
];

/// Adds to every operation the problems that it can answer with.
pub fn complete(openapi: &mut OpenApi) {
    for (path, item) in &mut openapi.paths.paths {
        if !path.starts_with("/v1/") {
            continue;
        }
        for (operation, writes) in operations(item) {
            let parameters = operation.parameters.as_deref().unwrap_or_default();
            let seen = Seen { writes, body: operation.request_body.is_some(), path: parameters.iter().any(in_path) };
            for (status, applies, name, _) in PROBLEMS {
                if applies(&seen) {
                    let reference = RefOr::Ref(Ref::from_response_name(name));
                    operation.responses.responses.entry(status.to_owned()).or_insert(reference);
                }
            }
        }
    }
}

fn in_path(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Path)
}

/// With whether each one writes.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let reading = item.get.as_mut().map(|operation| (operation, false));
    let writing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    let writing = writing.into_iter().filter_map(|operation| operation.as_mut().map(|operation| (operation, true)));
    reading.into_iter().chain(writing)
}

fn problem_response(status: &str, description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemJson::name()))).build();
    let text = || HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String).build()));
    let seconds = || HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::Integer).build()));
    let mut response = ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .header("x-request-id", text().description(Some("Names the request in the log.")).build());
    if status == "429" {
        response = response.header("Retry-After", seconds().description(Some("Seconds.")).build());
    }
    response.build()
}
