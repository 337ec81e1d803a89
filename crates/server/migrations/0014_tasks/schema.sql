create table task (
    part bigint not null,
    id bigint not null,
    kind text not null,
    staff bigint not null,
    started_at bigint not null,
    seen_at bigint not null,
    subject bigint not null,
    state text not null,
    progress bigint not null,
    result bytes not null,
    primary key (part, id)
);

insert into task (part, id, kind, staff, started_at, seen_at, subject, state, progress, result)
select part, id, 'simulation', staff, started_at, seen_at, against, state, progress, result from simulation;

drop table simulation;
