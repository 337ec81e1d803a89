create table programme_version (
    part integer not null,
    version integer not null,
    format text not null,
    document text not null,
    fingerprint blob not null,
    published_at integer not null,
    primary key (part, version)
);

create table member (
    part integer not null,
    id integer not null,
    external_id text not null,
    household integer,
    status text not null,
    created_at integer not null,
    enrolled_by integer not null,
    primary key (part, id)
);
create unique index member_external_id on member (part, external_id);

create table identity (
    part integer not null,
    member integer not null,
    sealed blob not null,
    primary key (part, member)
);

create table member_key (
    part integer not null,
    member integer not null,
    wrapped blob not null,
    primary key (part, member)
);

create table holder_state (
    part integer not null,
    holder integer not null,
    body blob not null,
    head integer not null,
    head_hash blob not null,
    version integer not null,
    clock integer not null,
    due_at integer,
    primary key (part, holder)
);
create index holder_state_due on holder_state (part, due_at) where due_at is not null;

create table journal (
    part integer not null,
    id integer not null,
    holder integer not null,
    prev integer,
    decided_at integer not null,
    version integer not null,
    kind text not null,
    body text not null,
    hash blob not null,
    primary key (part, id)
);

create table natural_key (
    part integer not null,
    kind text not null,
    id text not null,
    journal_id integer not null,
    primary key (part, kind, id)
) without rowid;

create table outbox (
    part integer not null,
    journal_id integer not null,
    position integer not null,
    receiver integer not null,
    body text not null,
    created_at integer not null,
    failure text,
    primary key (part, journal_id, position)
);

create table receipt (
    part integer not null,
    journal_id integer not null,
    step text not null,
    applied_by integer,
    refusal text,
    primary key (part, journal_id, step)
) without rowid;

create table shared_quantity (
    part integer not null,
    name text not null,
    remaining integer not null,
    total integer not null,
    primary key (part, name)
) without rowid;

create table pool_code (
    part integer not null,
    pool text not null,
    code text not null,
    taken_by integer,
    primary key (part, pool, code)
) without rowid;
create index pool_code_free on pool_code (part, pool) where taken_by is null;

create table idempotency (
    part integer not null,
    key text not null,
    fingerprint blob not null,
    journal_id integer,
    refusal text,
    created_at integer not null,
    primary key (part, key)
) without rowid;
create index idempotency_age on idempotency (part, created_at);

create table directory (
    part integer not null,
    kind text not null,
    name text not null,
    holder integer not null,
    primary key (part, kind, name)
) without rowid;

create table api_key (
    part integer not null,
    id text not null,
    name text not null,
    kind text not null,
    scopes text not null,
    hash blob not null,
    created_at integer not null,
    last_used_at integer,
    revoked_at integer,
    primary key (part, id)
);

create table progress (
    part integer not null,
    work text not null,
    position integer not null,
    updated_at integer not null,
    primary key (part, work)
);

-- One row for each posting, for analysts; notes.md has the same for PostgreSQL.
create view ledger_entry as
select
    journal.part,
    journal.id as transaction_id,
    journal.holder,
    journal.decided_at,
    journal.version,
    journal.kind,
    effect.key as entry,
    coalesce(effect.value ->> 'at', journal.decided_at) as happened_at,
    case
        when effect.value -> 'earned' is not null then 'order_earned'
        when json_type(effect.value, '$.why') = 'text' then effect.value ->> 'why'
        else (select why.key from json_each(effect.value, '$.why') as why)
    end as reason,
    posting.value ->> 0 as account,
    posting.value ->> 1 as amount,
    coalesce(posting.value ->> 2, journal.body ->> 'unit') as unit,
    coalesce(
        posting.value ->> 3, journal.body ->> 'brand', journal.body ->> '$.command.put_order.brand'
    ) as brand
from journal, json_each(journal.body, '$.effects') as effect, json_each(effect.value, '$.postings') as posting;
