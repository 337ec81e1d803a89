create table staff (
    part bigint not null,
    id bigint not null,
    email text not null,
    name text not null,
    role text not null,
    password text not null,
    second_factor bytes not null,
    second_factor_step bigint not null,
    created_at bigint not null,
    disabled_at bigint,
    primary key (part, id)
);
create unique index staff_email on staff (part, email);

create table staff_session (
    part bigint not null,
    hash bytes not null,
    staff bigint not null,
    created_at bigint not null,
    seen_at bigint not null,
    agent text not null,
    primary key (part, hash)
);

create table staff_action (
    part bigint not null,
    id bigint not null,
    staff bigint not null,
    acted_at bigint not null,
    action text not null,
    subject text not null,
    detail text not null,
    primary key (part, id)
);
