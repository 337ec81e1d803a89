-- The journal's rows of orders name the row that they replace.
create table part_claim (
    part bigint not null,
    primary key (part)
) rewritten;

create table setting (
    part bigint not null,
    name text not null,
    value bytes not null,
    primary key (part, name)
) narrow;

create table programme_version (
    part bigint not null,
    version bigint not null,
    format text not null,
    document text not null,
    fingerprint bytes not null,
    published_at bigint not null,
    primary key (part, version)
);

create table member (
    part bigint not null,
    id bigint not null,
    external_id text not null,
    household bigint,
    status text not null,
    created_at bigint not null,
    enrolled_by bigint not null,
    id_key (part, id)
);
create unique index member_external_id on member (part, external_id);

create table identity (
    part bigint not null,
    member bigint not null,
    sealed bytes not null,
    id_key (part, member)
);

create table member_key (
    part bigint not null,
    member bigint not null,
    wrapped bytes not null,
    id_key (part, member)
);

create table holder_state (
    part bigint not null,
    holder bigint not null,
    body bytes not null,
    head bigint not null,
    head_hash bytes not null,
    version bigint not null,
    clock bigint not null,
    due_at bigint,
    id_key (part, holder)
) rewritten;
create index holder_state_due on holder_state time_key (part, due_at) where due_at is not null;

create table journal (
    part bigint not null,
    id bigint not null,
    holder bigint not null,
    prev bigint,
    decided_at bigint not null,
    version bigint not null,
    kind text not null,
    body text not null,
    hash bytes not null,
    id_key (part, id)
);

create table journal_archive (
    part bigint not null,
    last_id bigint not null,
    first_id bigint not null,
    transactions bigint not null,
    body bytes not null,
    hash bytes not null,
    primary key (part, last_id)
);

create table natural_key (
    part bigint not null,
    kind text not null,
    id text not null,
    journal_id bigint not null,
    name_key (part, kind, id)
) narrow;

create table outbox (
    part bigint not null,
    journal_id bigint not null,
    position bigint not null,
    receiver bigint not null,
    body text not null,
    created_at bigint not null,
    failure text,
    primary key (part, journal_id, position)
) narrow;

create table receipt (
    part bigint not null,
    journal_id bigint not null,
    step text not null,
    applied_by bigint,
    refusal text,
    primary key (part, journal_id, step)
) narrow;

create table shared_quantity (
    part bigint not null,
    name text not null,
    remaining bigint not null,
    total bigint not null,
    primary key (part, name)
) narrow;

create table pool_code (
    part bigint not null,
    code text not null,
    pool text not null,
    taken_by bigint,
    primary key (part, code)
) narrow;
create index pool_code_free on pool_code (part, pool) where taken_by is null;

create table idempotency (
    part bigint not null,
    key text not null,
    fingerprint bytes not null,
    journal_id bigint,
    refusal text,
    created_at bigint not null,
    name_key (part, key)
) narrow;

create table directory (
    part bigint not null,
    kind text not null,
    name text not null,
    holder bigint not null,
    primary key (part, kind, name)
) narrow;

create table api_key (
    part bigint not null,
    id text not null,
    name text not null,
    kind text not null,
    scopes text not null,
    hash bytes not null,
    created_at bigint not null,
    last_used_at bigint,
    revoked_at bigint,
    primary key (part, id)
);

create table progress (
    part bigint not null,
    work text not null,
    position bigint not null,
    updated_at bigint not null,
    primary key (part, work)
);
