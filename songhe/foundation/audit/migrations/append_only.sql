-- Number, instant, transaction and role are the database's own, whatever an INSERT says.
CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.id := nextval('public.audit_entry_number');
    NEW.at := clock_timestamp();
    NEW.role := session_user;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE EXCEPTION 'audit: % of % is not possible', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Arguments: column of the division ('' for none), of the subject, of the key; columns whose values are shown; columns
-- that leave no entry. Transition tables are `removed` and `added`; they are not subject to row-level security.
CREATE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    most constant bigint := 1000;
    working text := rpad(coalesce(nullif(current_setting('app.lo', true), ''), '0'), 12, '0');
    bulk text := coalesce(current_setting('app.bulk', true), '');
    shown text[] := string_to_array(TG_ARGV[3] || ',' || TG_ARGV[0], ',');
    silent text[] := string_to_array(TG_ARGV[4], ',');
    operation text := lower(TG_OP);
    touched bigint := 1;
    region text := quote_literal(working);
    new_region text := quote_literal(working);
    body text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT count(*) INTO touched FROM added;
    ELSIF TG_OP <> 'TRUNCATE' THEN
        SELECT count(*) INTO touched FROM removed;
    END IF;
    IF touched = 0 THEN
        RETURN NULL;
    END IF;
    IF TG_ARGV[0] <> '' THEN
        region := format('coalesce(nullif(r.%I, ''''), %L)', TG_ARGV[0], working);
        new_region := format('coalesce(nullif(n.%1$I, ''''), nullif(o.%1$I, ''''), %2$L)', TG_ARGV[0], working);
    END IF;

    IF TG_OP = 'TRUNCATE' THEN
        body := format('SELECT '''', %L, '''', 0, ''{}''::jsonb', working);
    ELSIF touched > most OR bulk <> '' THEN
        body := format(
            'SELECT '''', %s, '''', count(*), %L::jsonb FROM %s r GROUP BY 2',
            region,
            CASE WHEN bulk = '' THEN '{}'::jsonb ELSE jsonb_build_object('bulk', bulk) END,
            CASE WHEN TG_OP = 'INSERT' THEN 'added' ELSE 'removed' END
        );
    ELSIF TG_OP = 'UPDATE' THEN
        body := format(
            'SELECT coalesce(n.%1$I, o.%1$I)::text, %2$s, coalesce(n.%3$I, o.%3$I)::text, 1, d.detail
             FROM removed o FULL JOIN added n ON n.%3$I = o.%3$I
             CROSS JOIN LATERAL (
                 SELECT jsonb_strip_nulls(jsonb_build_object(
                            ''changed'', jsonb_agg(key ORDER BY key),
                            ''values'', jsonb_object_agg(key, jsonb_build_array(was.value, now.value))
                                FILTER (WHERE key = ANY (%4$L::text[])))) AS detail
                 FROM jsonb_each(coalesce(to_jsonb(o), ''{}'')) was
                 FULL JOIN jsonb_each(coalesce(to_jsonb(n), ''{}'')) now USING (key)
                 WHERE was.value IS DISTINCT FROM now.value AND key <> ALL (%5$L::text[])
             ) d WHERE d.detail ? ''changed''',
            TG_ARGV[1], new_region, TG_ARGV[2], shown, silent
        );
    ELSE
        body := format(
            'SELECT r.%I::text, %s, r.%I::text, 1, jsonb_strip_nulls(jsonb_build_object(''values'', (
                 SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(r))
                 WHERE key = ANY (%L::text[]) AND value <> ''null'')))
             FROM %s r',
            TG_ARGV[1], region, TG_ARGV[2], shown, CASE WHEN TG_OP = 'INSERT' THEN 'added' ELSE 'removed' END
        );
    END IF;

    EXECUTE 'INSERT INTO public.audit_entry
        (kind, actor, actor_name, purpose, action, table_name, subject, region_code, row_id, row_count, detail)
        SELECT ''rows'', $1, $2, $3, $4, $5, s.* FROM (' || body || ') s'
    USING nullif(current_setting('app.actor', true), '')::uuid,
        left(coalesce(current_setting('app.actor_name', true), ''), 40),
        left(coalesce(current_setting('app.purpose', true), ''), 120),
        operation, TG_TABLE_NAME::text;
    RETURN NULL;
END $$;
