//! Referrals as the detector looks at them. A referral lies in its friend's part; an advocate's friends are found in
//! the advocate's. What all of them come to is counted as it happens.

use lojal_core::kernel::{Instant, MemberId, Money, Part};
use lojal_fraud::likeness::Likeness;
use lojal_fraud::referral::{Referral, Tally};
use lojal_fraud::scale::Thousandths;

use super::super::clock::instant;
use super::super::journal::id;
use super::super::sql::{self, Connection, Row, Statement, cells};

const COLUMNS: &str = "friend, advocate, ordered_at, clicked_at, name_likeness, mail_likeness, disposable_mail, \
                       existing_customer, amount, least_order, stake, returned";
/// So many referrals of a part are taken out at once.
const BITE: i64 = 200;

/// A referral, and whether its order came back.
pub(super) type Watched = (Referral, bool);

fn read(row: &Row) -> Result<Watched, sql::Error> {
    let likeness = |name| {
        let likeness = sql::column::<Option<i64>>(row, name)?;
        Ok::<_, sql::Error>(likeness.and_then(|likeness| u32::try_from(likeness).ok()).map(Thousandths))
    };
    let is = |name| Ok::<_, sql::Error>(sql::column::<i64>(row, name)? != 0);
    let referral = Referral {
        advocate: MemberId(id(sql::column(row, "advocate")?)?),
        friend: MemberId(id(sql::column(row, "friend")?)?),
        at: instant(sql::column(row, "ordered_at")?),
        clicked_at: sql::column::<Option<i64>>(row, "clicked_at")?.map(instant),
        likeness: Likeness { name: likeness("name_likeness")?, mail: likeness("mail_likeness")? },
        disposable_mail: is("disposable_mail")?,
        existing_customer: is("existing_customer")?,
        order: Money(sql::column(row, "amount")?),
        least_order: sql::column::<Option<i64>>(row, "least_order")?.map(Money),
        stake: Money(sql::column(row, "stake")?),
    };
    Ok((referral, is("returned")?))
}

/// Adds a referral, unless the friend was recommended before, and says whether it is new.
pub async fn referral_add(connection: &mut Connection, referral: &Referral) -> Result<bool, sql::Error> {
    let likeness = |likeness: Option<Thousandths>| likeness.map(|likeness| i64::from(likeness.0));
    let friend = referral.friend;
    let row = cells![
        friend.part().number(),
        friend.number(),
        referral.advocate.number(),
        referral.at.as_microsecond(),
        referral.clicked_at.map(Instant::as_microsecond),
        likeness(referral.likeness.name),
        likeness(referral.likeness.mail),
        i64::from(referral.disposable_mail),
        i64::from(referral.existing_customer),
        referral.order.0,
        referral.least_order.map(|least| least.0),
        referral.stake.0,
        0_i64,
    ];
    let insert = Statement::insert(
        format!("insert into watched_referral (part, {COLUMNS}) values"),
        "on conflict (part, friend) do nothing",
        vec![row],
    );
    let outcomes = sql::run_all(connection, vec![insert]).await?;
    if outcomes.iter().all(|outcome| outcome.touched == 0) {
        return Ok(false);
    }
    let mut statements = vec![among(referral)];
    statements.extend(count(referral, 1, 0));
    sql::run_all(connection, statements).await?;
    Ok(true)
}

/// Notes how a referral stands: adds it, or changes what is kept. What was noted as returned is not, where it rests on
/// something again. What is at stake stays as it was known, until it is known better. Says whether anything changed.
pub async fn referral_put(connection: &mut Connection, referral: &Referral) -> Result<bool, sql::Error> {
    if referral_add(connection, referral).await? {
        return Ok(true);
    }
    let Some((known, returned)) = referral_lock(connection, referral.friend).await? else { return Ok(false) };
    let stake = if referral.stake == Money::ZERO { known.stake } else { referral.stake };
    let new = Referral { stake, ..*referral };
    if known == new && !returned {
        return Ok(false);
    }
    take_out(connection, &known, returned).await?;
    referral_add(connection, &new).await
}

/// As [`referral_find`], and nobody changes it until the transaction ends.
async fn referral_lock(connection: &mut Connection, friend: MemberId) -> Result<Option<Watched>, sql::Error> {
    let head = format!("select {COLUMNS} from watched_referral where (part, friend) in");
    let lock = Statement::look_up(head, vec![cells![friend.part().number(), friend.number()]]);
    let found = sql::run_all(connection, vec![lock.locking("for no key update")]).await?;
    found.iter().flat_map(|outcome| &outcome.rows).next().map(read).transpose()
}

/// Puts a friend among the advocate's.
fn among(referral: &Referral) -> Statement {
    let row = cells![
        referral.advocate.part().number(),
        referral.advocate.number(),
        referral.at.as_microsecond(),
        referral.friend.number(),
    ];
    Statement::insert(
        "insert into advocate_friend (part, advocate, ordered_at, friend) values",
        "on conflict (part, advocate, ordered_at, friend) do nothing",
        vec![row],
    )
}

/// So many more friends, and so many more who returned, of the advocate and of everybody.
fn count(referral: &Referral, friends: i64, returned: i64) -> Vec<Statement> {
    let (advocate, part) = (referral.advocate, referral.friend.part());
    let zero = |head, tail, row| Statement::insert(head, tail, vec![row]);
    vec![
        zero(
            "insert into advocate_tally (part, advocate, friends, returned) values",
            "on conflict (part, advocate) do nothing",
            cells![advocate.part().number(), advocate.number(), 0_i64, 0_i64],
        ),
        Statement::plain(
            "update advocate_tally set friends = friends + ?, returned = returned + ? where part = ? and advocate = ?",
            cells![friends, returned, advocate.part().number(), advocate.number()],
        ),
        zero(
            "insert into friend_tally (part, friends, returned) values",
            "on conflict (part) do nothing",
            cells![part.number(), 0_i64, 0_i64],
        ),
        Statement::plain(
            "update friend_tally set friends = friends + ?, returned = returned + ? where part = ?",
            cells![friends, returned, part.number()],
        ),
    ]
}

/// Notes that a friend returned the order that the referral rests on; once is as good as twice.
pub async fn referral_note_return(connection: &mut Connection, friend: MemberId) -> Result<(), sql::Error> {
    let sql = "update watched_referral set returned = 1 where part = ? and friend = ? and returned = 0";
    if sql::execute(connection, sql, cells![friend.part().number(), friend.number()]).await? == 0 {
        return Ok(());
    }
    if let Some((referral, _)) = referral_find(connection, friend).await? {
        sql::run_all(connection, count(&referral, 0, 1)).await?;
    }
    Ok(())
}

/// The referral of a friend, if anybody recommended them.
pub async fn referral_find(connection: &mut Connection, friend: MemberId) -> Result<Option<Watched>, sql::Error> {
    Ok(referrals_find(connection, [friend]).await?.into_iter().next())
}

/// The referrals of some friends, as far as there are any.
pub(super) async fn referrals_find(
    connection: &mut Connection,
    friends: impl IntoIterator<Item = MemberId>,
) -> Result<Vec<Watched>, sql::Error> {
    let head = format!("select {COLUMNS} from watched_referral where (part, friend) in");
    let keys = friends.into_iter().map(|friend| cells![friend.part().number(), friend.number()]).collect();
    sql::look_up(connection, &head, keys).await?.iter().map(read).collect()
}

/// An advocate's friends who ordered closest to a moment, at most so many before it and so many from it on.
pub(super) async fn friends_around(
    connection: &mut Connection,
    advocate: MemberId,
    at: Instant,
    most: usize,
) -> Result<Vec<MemberId>, sql::Error> {
    let before = "select friend from advocate_friend where part = ? and advocate = ? and ordered_at < ? \
                  order by ordered_at desc, friend desc limit ?";
    let after = "select friend from advocate_friend where part = ? and advocate = ? and ordered_at >= ? \
                 order by ordered_at, friend limit ?";
    let cells = cells![advocate.part().number(), advocate.number(), at.as_microsecond(), most as i64];
    let statements = [before, after].map(|sql| Statement::plain(sql, cells.clone()));
    let outcomes = sql::run_all(connection, statements.into()).await?;
    let rows = outcomes.iter().flat_map(|outcome| &outcome.rows);
    rows.map(|row| Ok(MemberId(id(sql::column(row, "friend")?)?))).collect()
}

/// How many friends of an advocate returned, and of everybody.
pub(super) async fn tallies(connection: &mut Connection, advocate: MemberId) -> Result<(Tally, Tally), sql::Error> {
    let own = "select friends, returned from advocate_tally where (part, advocate) in";
    let all = "select friends, returned from friend_tally where part in";
    let statements = vec![
        Statement::look_up(own, vec![cells![advocate.part().number(), advocate.number()]]),
        Statement::look_up(all, Part::all().map(|part| cells![part.number()]).collect()),
    ];
    let mut sums = Vec::new();
    for outcome in &sql::run_all(connection, statements).await? {
        let mut sum = Tally::default();
        for row in &outcome.rows {
            sum.friends += u64::try_from(sql::column::<i64>(row, "friends")?).unwrap_or_default();
            sum.returned += u64::try_from(sql::column::<i64>(row, "returned")?).unwrap_or_default();
        }
        sums.push(sum);
    }
    let sum = |index: usize| sums.get(index).copied().unwrap_or_default();
    Ok((sum(0), sum(1)))
}

/// Lets an account's friends, and its own referral where the other one has none, be those of the account that it has
/// become. Whoever calls has locked both.
pub(super) async fn referrals_move(
    connection: &mut Connection,
    from: MemberId,
    into: MemberId,
    is_own_moved: bool,
) -> Result<(), sql::Error> {
    let sql = "select friend from advocate_friend where part = ? and advocate = ?";
    let rows = sql::rows(connection, sql, cells![from.part().number(), from.number()]).await?;
    let friends = rows
        .iter()
        .map(|row| Ok(MemberId(id(sql::column(row, "friend")?)?)))
        .collect::<Result<Vec<_>, sql::Error>>()?;
    for (referral, returned) in referrals_find(connection, friends).await? {
        referral_rewrite(connection, (referral, returned), Referral { advocate: into, ..referral }).await?;
    }
    if is_own_moved
        && let Some((referral, returned)) = referral_find(connection, from).await?
        && referral_find(connection, into).await?.is_none()
    {
        referral_rewrite(connection, (referral, returned), Referral { friend: into, ..referral }).await?;
    }
    Ok(())
}

async fn referral_rewrite(
    connection: &mut Connection,
    (old, returned): Watched,
    new: Referral,
) -> Result<(), sql::Error> {
    if !take_out(connection, &old, returned).await? {
        return Ok(());
    }
    referral_add(connection, &new).await?;
    if returned {
        referral_note_return(connection, new.friend).await?;
    }
    Ok(())
}

/// Says whether it was there: of two who take it out, one counts it off.
async fn take_out(connection: &mut Connection, referral: &Referral, returned: bool) -> Result<bool, sql::Error> {
    let (advocate, friend) = (referral.advocate, referral.friend);
    let sql = "delete from watched_referral where part = ? and friend = ?";
    if sql::execute(connection, sql, cells![friend.part().number(), friend.number()]).await? == 0 {
        return Ok(false);
    }
    let sql = "delete from advocate_friend where part = ? and advocate = ? and ordered_at = ? and friend = ?";
    let at = referral.at.as_microsecond();
    let cells = cells![advocate.part().number(), advocate.number(), at, friend.number()];
    let mut statements = vec![Statement::plain(sql, cells)];
    statements.extend(count(referral, -1, -i64::from(returned)));
    let sql = "delete from advocate_tally where part = ? and advocate = ? and friends <= 0";
    statements.push(Statement::plain(sql, cells![advocate.part().number(), advocate.number()]));
    sql::run_all(connection, statements).await?;
    Ok(true)
}

/// Takes out a bite of what was ordered before a moment in a part of friends, and says how many referrals went.
pub(super) async fn referrals_forget(
    connection: &mut Connection,
    part: Part,
    before: Instant,
) -> Result<usize, sql::Error> {
    let sql = format!("select {COLUMNS} from watched_referral where part = ? and ordered_at < ? limit ?");
    let rows = sql::rows(connection, &sql, cells![part.number(), before.as_microsecond(), BITE]).await?;
    for row in &rows {
        let (referral, returned) = read(row)?;
        take_out(connection, &referral, returned).await?;
    }
    Ok(rows.len())
}

/// Whether anything was ordered before a moment in a part of friends.
pub(super) async fn is_any_older(connection: &mut Connection, part: Part, before: Instant) -> Result<bool, sql::Error> {
    let sql = "select friend from watched_referral where part = ? and ordered_at < ? limit 1";
    Ok(sql::row(connection, sql, cells![part.number(), before.as_microsecond()]).await?.is_some())
}
