using Npgsql;

namespace OrleansPayments.Silo.Persistence.Migrations;

/// <summary>
/// Brings the schema <c>payments</c> to this release's version: all missing migrations in one transaction, under an advisory lock, so silos that
/// start together take turns and an interrupted start leaves nothing behind. Touches nothing outside its schema.
/// </summary>
public static partial class MigrationRunner
{
    // "OPAYMIGR" in ASCII: advisory locks have no names.
    private const long LockKey = 0x4F5041594D494752;

    /// <summary>Applies what is missing; harmless when nothing is.</summary>
    /// <exception cref="MigrationException">An applied migration was changed, or the database is newer than this release.</exception>
    public static async Task ApplyAsync(
        NpgsqlDataSource database, ILogger logger, CancellationToken cancellation, IReadOnlyList<Migration>? migrations = null)
    {
        migrations ??= Migration.ReadEmbedded();
        RefuseGaps(migrations);
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", cancellation).ConfigureAwait(false);
        var applied = await ReadAppliedAsync(connection, cancellation).ConfigureAwait(false);
        RefuseForeign(applied, migrations);
        foreach (var migration in migrations.Skip(applied.Count))
        {
            await ExecuteAsync(connection, migration.Sql, cancellation).ConfigureAwait(false);
            await RecordAsync(connection, migration, cancellation).ConfigureAwait(false);
            LogApplied(logger, migration.Version, migration.Name);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static void RefuseGaps(IReadOnlyList<Migration> migrations)
    {
        for (var i = 0; i < migrations.Count; i++)
        {
            if (migrations[i].Version != i + 1)
                throw new MigrationException($"Migrations are numbered from 1 without gaps; number {i + 1} is {migrations[i].Version} '{migrations[i].Name}'.");
        }
    }

    private static void RefuseForeign(IReadOnlyList<Migration> applied, IReadOnlyList<Migration> known)
    {
        if (applied.Count > known.Count)
        {
            throw new MigrationException(
                $"The database has migration {applied[^1].Version} '{applied[^1].Name}', this release ends with {known.Count}: the database was used by a "
                + "newer release. Run that release, or restore a backup from before its start.");
        }

        foreach (var (was, now) in applied.Zip(known))
        {
            if (was.Version != now.Version || was.Checksum != now.Checksum)
            {
                throw new MigrationException(
                    $"Migration {was.Version} '{was.Name}' was applied with another content than this release's '{now.Name}' has. An applied migration is "
                    + "never changed: restore its file and correct the schema with a new one.");
            }
        }
    }

    private static async Task<IReadOnlyList<Migration>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string create = """
            CREATE SCHEMA IF NOT EXISTS payments;
            CREATE TABLE IF NOT EXISTS payments.schema_migration (
                version    integer     PRIMARY KEY,
                name       text        NOT NULL,
                checksum   text        NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now());
            """;
        await ExecuteAsync(connection, create, cancellation).ConfigureAwait(false);
        await using var query = new NpgsqlCommand("SELECT version, name, checksum FROM payments.schema_migration ORDER BY version", connection);
        await using var reader = await query.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var applied = new List<Migration>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            applied.Add(new Migration(reader.GetInt32(0), reader.GetString(1), "", reader.GetString(2)));
        return applied;
    }

    private static async Task RecordAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand("INSERT INTO payments.schema_migration (version, name, checksum) VALUES ($1, $2, $3)", connection);
        insert.Parameters.Add(new() { Value = migration.Version });
        insert.Parameters.Add(new() { Value = migration.Name });
        insert.Parameters.Add(new() { Value = migration.Checksum });
        await insert.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // The text is a constant or an embedded file of this assembly.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    [LoggerMessage(1, LogLevel.Information, "Applied migration {Version} {Name}")]
    private static partial void LogApplied(ILogger logger, int version, string name);
}
