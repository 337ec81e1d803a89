//! `/v1/orders` and `/v1/quotes`.

use axum::Extension;
use axum::extract::State;
use lojal_core::activity::{Order, OrderState};
use lojal_core::command::{Command, Profile};
use lojal_core::decision::{Record, Refusal};
use lojal_core::engine::Undecided;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, Id, MemberId, Name, Part, TransactionId};
use lojal_core::programme::Programme;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{OrderAnswer, OrderInput, OrderJson, QuoteInput};
use crate::ledger_entries::{ExplanationJson, Telling, TransactionJson};
use crate::platform::application::{Application, NewMember};
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::clicks::Clicks;
use crate::platform::enrolment::IfEnrolled;
use crate::platform::foreseeing::{Codes, foresee};
use crate::platform::http::fields::{ExternalId, MemberName};
use crate::platform::http::identifiers::IdentifiersInput;
use crate::platform::http::query::{ExplainQuery, IdempotencyKey, NoQuery, language};
use crate::platform::http::subject::{decided, member_look_up, member_named, submit, unknown_member};
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::introductions::{Introduced, Met, introduce};
use crate::platform::journal::balances;
use crate::platform::sql::Dialect;
use crate::platform::writer::{Done, Owner, Submission, WriteError};
use crate::referrals::IntroducedJson;

/// The route under which orders are put: whatever puts one in another way takes turns with it.
pub const ORDER: &str = "/v1/orders/{external_id}";

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(order_put, order_get))
        .routes(routes!(quote))
        .merge(super::returns::routes())
        .merge(super::tracking::routes())
        .merge(super::batch::routes())
}

/// Put an order
///
/// The order as it now stands, as often as you like: what has changed since the last time is worked
/// out here. `state: open` quotes and writes nothing. An order that is known keeps the programme
/// version under which it was earned.
#[utoipa::path(
    put,
    path = "/v1/orders/{external_id}",
    tag = "orders",
    params(("external_id" = inline(ExternalId), Path, description = "The shop's own id of the order"), ExplainQuery),
    request_body = OrderInput,
    responses((status = 200, description = "What it led to, or would lead to", body = OrderAnswer)),
    security(("key" = ["write"]))
)]
async fn order_put(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(clicks): Extension<Clicks>,
    Path(external_id): Path<ExternalId>,
    Query(query): Query<ExplainQuery>,
    Json { body, .. }: Json<OrderInput>,
) -> Result<axum::Json<OrderAnswer>, Problem> {
    put(&application, &clicks, &external_id, body, &query).await.map(axum::Json)
}

/// Puts an order, after looking for whoever recommended the shop.
pub async fn put(
    application: &Application,
    clicks: &Clicks,
    external_id: &ExternalId,
    mut body: OrderInput,
    query: &ExplainQuery,
) -> Result<OrderAnswer, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let (member, identifiers) = (body.member.clone(), body.identifiers.clone());
    let met: Option<Met> = body.referral.take().map(Met::from);
    let mut order = body.into_order(external_id, programme, application.clock.now())?;
    let is_cart = order.state == OrderState::Open;
    if is_cart {
        // What it would give if it were paid now.
        order.state = OrderState::Paid;
    }
    let dry_run = query.dry_run || is_cart;
    let identifiers = identifiers.filter(|_| !dry_run);
    let putting = Putting { application, member: &member, dry_run, explain: query.explain };
    let referral = match met.filter(|_| !dry_run) {
        Some(met) => putting.introduce(clicks, &met, &order, programme).await?,
        None => None,
    };
    putting.watch(identifiers.as_ref()).await?;
    let done = match putting.put(&order).await? {
        Some(done) => done,
        None => match customer(&member, &order, programme) {
            None => return Err(unknown_member()),
            Some(_) if dry_run => return guest_quote(application, order, query),
            // Whoever is not known yet has no orders: nobody joins with one that is somebody's.
            Some(_) if application.order(&order.external_id).await?.is_some() => {
                return Err(WriteError::OrderOfAnotherMember.into());
            }
            Some(external_id) => {
                let joining = NewMember { if_enrolled: IfEnrolled::Find, ..NewMember::new(external_id.to_string()) };
                application.enrol(joining).await?;
                putting.watch(identifiers.as_ref()).await?;
                putting.put(&order).await?.ok_or_else(unknown_member)?
            }
        },
    };
    let explanation = query.explain.then(|| ExplanationJson::of(&done, &application.rulebook(), language(query.lang)));
    let telling = Telling { language: language(query.lang), dry_run };
    let manner = if is_cart { Manner::Cart } else { Manner::Order };
    let referral = referral.as_ref().map(IntroducedJson::from);
    Ok(OrderAnswer { explanation, referral, ..order_answer(application, &done, manner, telling) })
}

/// Get an order
#[utoipa::path(
    get,
    path = "/v1/orders/{external_id}",
    tag = "orders",
    params(("external_id" = inline(ExternalId), Path, description = "The shop's own id of the order")),
    responses((status = 200, description = "The order, with what it gave", body = OrderJson)),
    security(("key" = ["read"]))
)]
async fn order_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(external_id): Path<ExternalId>,
    _: Query<NoQuery>,
) -> Result<axum::Json<OrderJson>, Problem> {
    let unknown = || Problem::not_found("unknown_order", "no such order");
    let kept = application.order(&external_id.0).await?.ok_or_else(unknown)?;
    let rulebook = application.rulebook();
    let programme = rulebook.version(kept.thing.version).or(rulebook.live()).ok_or_else(unknown)?;
    Ok(axum::Json(OrderJson::new(&kept.thing, kept.holder, programme)))
}

/// Quote a cart
///
/// What a member, or a guest who joined with it, would get for it now. Nothing is written.
#[utoipa::path(
    post,
    path = "/v1/quotes",
    tag = "orders",
    params(ExplainQuery, IdempotencyKey),
    request_body = QuoteInput,
    responses((status = 200, description = "What the cart would lead to", body = OrderAnswer)),
    security(("key" = ["read"]))
)]
async fn quote(
    _: Authority<Reads>,
    State(application): State<Application>,
    Query(query): Query<ExplainQuery>,
    Json { body, .. }: Json<QuoteInput>,
) -> Result<axum::Json<OrderAnswer>, Problem> {
    let (member, order) = cart_of(&application, body)?;
    let cart = order.external_id.clone();
    let member = match member {
        Some(member) => Some(member_named(&application, &member).await?.id),
        None => None,
    };
    let done = quoted(&application, member, order, query.explain).await?;
    let explanation = query.explain.then(|| ExplanationJson::of(&done, &application.rulebook(), language(query.lang)));
    let transaction = TransactionJson::quoted(&done, &cart, &application.rulebook(), language(query.lang));
    Ok(axum::Json(OrderAnswer { order: None, transaction, explanation, referral: None }))
}

/// Whose cart it is, and the cart as an order that would be paid now.
pub fn cart_of(application: &Application, cart: QuoteInput) -> Result<(Option<MemberName>, Order), Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let (member, mut order) = cart.into_order(programme, application.clock.now())?;
    // A name that no order of the shop has, so that no earlier order is taken for this cart.
    order.external_id = Name::from(format!("quote {}", application.ids.next(Part::PROGRAMME).number()));
    Ok((member, order))
}

/// What a cart would lead to, for a member or for a guest. Nothing is written.
pub async fn quoted(
    application: &Application,
    member: Option<MemberId>,
    cart: Order,
    explain: bool,
) -> Result<Done, Problem> {
    let Some(member) = member else { return guest_decision(application, cart) };
    let submission = Submission { dry_run: true, ..Submission::new(member, Command::PutOrder { order: cart }) };
    submit(application, submission, explain).await
}

/// What was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Order,
    /// A member's cart: only quoted.
    Cart,
    /// Of somebody who is no member: only quoted, as if they joined.
    Guest,
}

/// What putting an order led to.
pub fn order_answer(application: &Application, done: &Done, manner: Manner, telling: Telling) -> OrderAnswer {
    let rulebook = application.rulebook();
    let order = order_json(application, done).filter(|_| manner == Manner::Order);
    let transaction = match (manner, &done.command) {
        (Manner::Guest, Command::PutOrder { order }) => {
            TransactionJson::quoted(done, &order.external_id, &rulebook, telling.language)
        }
        _ => TransactionJson::new(done, &rulebook, telling),
    };
    OrderAnswer { order, transaction, explanation: None, referral: None }
}

/// The order as the transaction keeps it.
pub fn order_json(application: &Application, done: &Done) -> Option<OrderJson> {
    let Some(Record::Order(record)) = &done.record else {
        return None;
    };
    let rulebook = application.rulebook();
    let programme = rulebook.version(record.version).or(rulebook.live())?;
    Some(OrderJson::new(record, done.holder, programme))
}

/// An order on its way to the writer.
struct Putting<'a> {
    application: &'a Application,
    member: &'a MemberName,
    dry_run: bool,
    explain: bool,
}

impl Putting<'_> {
    /// Says by whom the customer came, before the order is judged; whoever joins with the order joins first.
    async fn introduce(
        &self,
        clicks: &Clicks,
        met: &Met,
        order: &Order,
        programme: &Programme,
    ) -> Result<Option<Introduced>, Problem> {
        let friend = match member_look_up(self.application, self.member).await? {
            Some(named) => named.member.id,
            // An order that is known is somebody's, and nobody joins with it.
            None if self.application.order(&order.external_id).await?.is_some() => return Ok(None),
            None => match customer(self.member, order, programme) {
                Some(external_id) => {
                    let joining =
                        NewMember { if_enrolled: IfEnrolled::Find, ..NewMember::new(external_id.to_string()) };
                    MemberId(self.application.enrol(joining).await?.holder.0)
                }
                None => return Ok(None),
            },
        };
        Ok(Some(introduce(self.application, clicks, friend, met, order.placed_at).await?))
    }

    /// Nothing is answered when there is no such member.
    async fn put(&self, order: &Order) -> Result<Option<Done>, Problem> {
        let Some(mut owner) = self.owner().await? else { return Ok(None) };
        if self.application.database.dialect() == Dialect::Distributed
            && let Some(known) = self.known_owner(&order.external_id).await?
        {
            owner = known.into();
        }
        let command = Command::PutOrder { order: order.clone() };
        let submission = Submission { dry_run: self.dry_run, ..Submission::new(owner, command) };
        match decided(self.application, submission, self.explain).await {
            Err(WriteError::Refused(Refusal::UnknownHolder)) => Ok(None),
            answer => Ok(Some(answer?)),
        }
    }

    /// Notes what a member was seen with, before the order may lead to a look at how they came.
    async fn watch(&self, identifiers: Option<&IdentifiersInput>) -> Result<(), Problem> {
        if let Some(identifiers) = identifiers
            && let Some(named) = member_look_up(self.application, self.member).await?
        {
            self.application.watch_if_checked(named.id, &identifiers.clear()).await?;
        }
        Ok(())
    }

    async fn owner(&self) -> Result<Option<Owner>, Problem> {
        Ok(match self.member {
            MemberName::Id(id) => self.application.member(*id).await?.map(|row| Owner::Holder(row.id.into())),
            MemberName::External(name) => {
                let part = self.application.part_of(name);
                part.map(|part| Owner::Member { part, external_id: name.clone() })
            }
            MemberName::Card(number) => Some(Owner::Holder(self.application.member_by_card(number).await??.into())),
        })
    }

    /// Over several machines the writer sees the orders of one part. Requests that put the same order
    /// take turns, so what is found here stays so. An order may be of another account of the same person.
    async fn known_owner(&self, external_id: &Name) -> Result<Option<HolderId>, Problem> {
        let Some(kept) = self.application.order(external_id).await? else { return Ok(None) };
        let Some(named) = member_look_up(self.application, self.member).await? else { return Ok(None) };
        let owner = self.application.member(MemberId(kept.holder.0)).await?.ok_or_else(unknown_member)?;
        if self.application.survivor(owner).await?.id != named.id {
            return Err(WriteError::OrderOfAnotherMember.into());
        }
        Ok(Some(kept.holder))
    }
}

/// The customer who may become a member with this order, should they be none.
pub fn customer<'a>(name: &'a MemberName, order: &Order, programme: &Programme) -> Option<&'a Name> {
    match name {
        MemberName::External(name) if programme.join_on_first_order && order.state != OrderState::Cancelled => {
            Some(name)
        }
        _ => None,
    }
}

/// What somebody who is no member yet would get.
fn guest_quote(application: &Application, order: Order, query: &ExplainQuery) -> Result<OrderAnswer, Problem> {
    let done = guest_decision(application, order)?;
    let language = language(query.lang);
    let explanation = query.explain.then(|| ExplanationJson::of(&done, &application.rulebook(), language));
    let telling = Telling { language, dry_run: true };
    Ok(OrderAnswer { explanation, ..order_answer(application, &done, Manner::Guest, telling) })
}

/// Decided by the engine like everything else, about a member who joins at this moment; nothing is
/// read or written.
pub fn guest_decision(application: &Application, order: Order) -> Result<Done, Problem> {
    let rulebook = application.rulebook();
    let now = application.clock.now();
    let id = application.ids.next(Part::PROGRAMME);
    let guest = Holder::new(HolderId(id), HolderKind::member(), now, Profile::default());
    let command = Command::PutOrder { order };
    let transaction = TransactionId(Id::new(now.as_millisecond(), 0, id.part()));
    // A guest is told what there would be if the campaign's budget lasts.
    match foresee(&rulebook, Some(&guest), &command, (now, transaction), Codes::Missing) {
        Ok((after, decision, explanation)) => Ok(Done {
            transaction,
            holder: guest.id,
            decided_at: now,
            command,
            decision,
            balances: balances(&after),
            record: None,
            repeated: false,
            explanation,
        }),
        Err(Undecided::Refused(refusal)) => Err(refusal.into()),
        Err(Undecided::Needs(_)) => Err(Problem::internal(&"the engine asked too often")),
    }
}
