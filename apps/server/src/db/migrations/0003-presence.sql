-- Who is connected. Every row is written again with every heartbeat: without an index over what is
-- written, and with room beside the row, that stays within the row's page and leaves next to nothing
-- to clean up. The table is as small as the number of open connections.
DROP INDEX active_connections_heartbeat;
ALTER TABLE active_connections SET (fillfactor = 50);
