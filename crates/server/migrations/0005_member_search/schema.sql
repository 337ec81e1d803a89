create table member_search (
    part bigint not null,
    member bigint not null,
    mark bigint not null,
    primary key (part, member, mark)
) narrow;
create index member_search_mark on member_search (part, mark, member);

create table adjustment_request (
    part bigint not null,
    id bigint not null,
    form text not null,
    member bigint not null,
    unit text not null,
    brand text not null,
    amount bigint not null,
    reason text not null,
    state text not null,
    attempt bigint not null,
    asked_by bigint not null,
    asked_at bigint not null,
    settled_by bigint,
    settled_at bigint,
    primary key (part, id)
);
create unique index adjustment_request_form on adjustment_request (part, form);
create index adjustment_request_open on adjustment_request (part, id) where settled_at is null;
