create table webhook_endpoint (
    part bigint not null,
    id bigint not null,
    url text not null,
    description text not null,
    events text not null,
    state text not null,
    reason text not null,
    sealed bytes not null,
    sealed_before bytes not null,
    before_until bigint not null,
    since bigint not null,
    made_at bigint not null,
    failing_since bigint,
    tried_at bigint,
    delivered_at bigint,
    wake bigint not null,
    wake_at bigint,
    paused_until bigint not null,
    lease bigint not null,
    leased_until bigint not null,
    primary key (part, id)
) rewritten;

create table webhook_delivery (
    part bigint not null,
    endpoint bigint not null,
    source bigint not null,
    position bigint not null,
    kind text not null,
    holder bigint,
    state text not null,
    attempts bigint not null,
    due_at bigint,
    made_at bigint not null,
    status bigint,
    answer text not null,
    tries text not null,
    primary key (part, endpoint, source, position)
) rewritten;
create index webhook_delivery_due on webhook_delivery (part, endpoint, due_at, source, position);
create index webhook_delivery_state on webhook_delivery (part, endpoint, state, source);

create table webhook_head (
    part bigint not null,
    holder bigint not null,
    head bigint not null,
    id_key (part, holder)
) rewritten;

create table webhook_hour (
    part bigint not null,
    endpoint bigint not null,
    hour bigint not null,
    delivered bigint not null,
    failed bigint not null,
    primary key (part, endpoint, hour)
) narrow;

create table webhook_replay (
    part bigint not null,
    id bigint not null,
    endpoint bigint not null,
    until bigint not null,
    lanes bigint not null,
    lane bigint not null,
    position bigint not null,
    begun bigint not null,
    primary key (part, id)
);

create table webhook_request (
    part bigint not null,
    key text not null,
    fingerprint bytes not null,
    subject text not null,
    made_at bigint not null,
    primary key (part, key)
);
