namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>The private server's settings. They are written at every start, so a new release's settings reach an old cluster.</summary>
internal static class ServerSettings
{
    public const string FileName = "silo.conf";

    /// <summary>The log's file names; the newest few are kept.</summary>
    public const string LogFilePattern = "postgres-*.log";

    public static string Render(string socketFolder, string logFolder) => $"""
        # Written by the silo at every start; changes here do not last.
        cluster_name = 'orleanspayments'

        # Reached through one socket in a folder of mode 0700; no network.
        listen_addresses = ''
        port = 5432
        unix_socket_directories = {Quote(socketFolder)}
        unix_socket_permissions = 0700
        max_connections = 50

        # What is acknowledged is on disk.
        fsync = on
        full_page_writes = on
        synchronous_commit = on

        # One machine shared with the silo: modest memory, few checkpoints.
        shared_buffers = 256MB
        wal_buffers = 16MB
        max_wal_size = 2GB
        min_wal_size = 256MB
        checkpoint_timeout = 15min
        checkpoint_completion_target = 0.9
        jit = off

        timezone = 'UTC'
        log_timezone = 'UTC'
        datestyle = 'iso, ymd'
        lc_messages = 'C'

        # The log tells what happened to the server, never what was in a statement: details and statements could repeat an event's content.
        logging_collector = on
        log_directory = {Quote(logFolder)}
        log_filename = 'postgres-%Y%m%d-%H%M%S.log'
        log_file_mode = 0600
        log_rotation_age = 1d
        log_rotation_size = 10MB
        log_error_verbosity = terse
        log_min_error_statement = panic
        log_checkpoints = off

        """;

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
