create table merge_request (
    part bigint not null,
    id bigint not null,
    form text not null,
    survivor bigint not null,
    account bigint not null,
    reason text not null,
    state text not null,
    attempt bigint not null,
    asked_by bigint not null,
    asked_at bigint not null,
    settled_by bigint,
    settled_at bigint,
    primary key (part, id)
);
create unique index merge_request_form on merge_request (part, form);
create index merge_request_open on merge_request (part, id) where settled_at is null;
create index merge_request_account on merge_request (part, account);
