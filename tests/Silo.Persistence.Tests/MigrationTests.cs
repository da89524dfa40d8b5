using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Silo.Persistence.Migrations;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;

namespace OrleansPayments.Silo.Persistence.Tests;

[Collection(ClusterGroup.Name)]
public sealed class MigrationTests(ClusterFixture cluster)
{
    private static readonly Migration First = Migration.Create(1, "one", "CREATE TABLE payments.one (a integer)");
    private static readonly Migration Second = Migration.Create(2, "two", "CREATE TABLE payments.two (a integer)");

    [Fact]
    public async Task Applying_twice_and_at_the_same_time_is_harmless()
    {
        await using var database = NpgsqlDataSource.Create(await cluster.CreateEmptyDatabaseAsync());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ApplyAsync(database, First, Second)));
        await ApplyAsync(database, First, Second);
        await using var count = database.CreateCommand("SELECT count(*) FROM payments.schema_migration");
        Assert.Equal(2L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_changed_migration_is_refused()
    {
        await using var database = NpgsqlDataSource.Create(await cluster.CreateEmptyDatabaseAsync());
        await ApplyAsync(database, First);
        var refusal = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(database, Migration.Create(1, "one", First.Sql + " "), Second));
        Assert.Contains("Migration 1 'one'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_release_is_refused()
    {
        await using var database = NpgsqlDataSource.Create(await cluster.CreateEmptyDatabaseAsync());
        await ApplyAsync(database, First, Second);
        var refusal = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(database, First));
        Assert.Contains("newer release", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_behind()
    {
        await using var database = NpgsqlDataSource.Create(await cluster.CreateEmptyDatabaseAsync());
        await Assert.ThrowsAsync<PostgresException>(() => ApplyAsync(database, First, Migration.Create(2, "bad", "CREATE TABLE nonsense")));
        await using var schema = database.CreateCommand("SELECT to_regnamespace('payments') IS NULL");
        Assert.Equal(true, await schema.ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_releases_own_migrations_touch_only_their_schema()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        Assert.Equal(0L, await ClusterFixture.QueryAsync<long>(connectionString, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    private static Task ApplyAsync(NpgsqlDataSource database, params Migration[] migrations) =>
        MigrationRunner.ApplyAsync(database, NullLogger.Instance, CancellationToken.None, migrations);
}
