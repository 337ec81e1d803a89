create table friend_verification (
    part bigint not null,
    friend bigint not null,
    state text not null,
    asked_by text not null,
    wanted text,
    channel text,
    kind bigint,
    mark bytes,
    seed bytes not null,
    ticket bytes not null,
    sends bigint not null,
    tries bigint not null,
    attempts bigint not null,
    asked_at bigint not null,
    due_at bigint,
    sent_at bigint,
    ends_at bigint not null,
    settled_at bigint,
    primary key (part, friend)
);
create unique index friend_verification_ticket on friend_verification (part, ticket);
create index friend_verification_due on friend_verification (part, due_at) where due_at is not null;
create index friend_verification_open on friend_verification (part, ends_at) where state = 'asked';

create table friend_verification_step (
    part bigint not null,
    id bigint not null,
    friend bigint not null,
    step text not null,
    channel text,
    staff bigint,
    primary key (part, id)
);
create index friend_verification_step_friend on friend_verification_step (part, friend, id);

create table click_identifier (
    part bigint not null,
    visitor bytes not null,
    click bigint not null,
    kind bigint not null,
    mark bytes not null,
    clicked_at bigint not null,
    primary key (part, visitor, click, kind, mark)
) narrow;
create index click_identifier_click on click_identifier time_key (part, click);
