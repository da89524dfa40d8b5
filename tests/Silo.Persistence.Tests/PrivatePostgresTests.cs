using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;

namespace OrleansPayments.Silo.Persistence.Tests;

public sealed class PrivatePostgresTests
{
    [Fact]
    public async Task A_cluster_is_durable_reached_by_its_socket_only_and_in_a_session_of_its_own()
    {
        using var folder = new TempFolder();
        await using (var cluster = await StartAsync(folder.Path))
        {
            Assert.Equal(
                "on on on on 0 UTF8 C",
                await ClusterFixture.QueryAsync<string>(
                    Unpooled(cluster.ConnectionString),
                    """
                    SELECT concat_ws(' ', current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
                           current_setting('data_checksums'), length(current_setting('listen_addresses')), current_setting('server_encoding'),
                           (SELECT datcollate FROM pg_database WHERE datname = current_database()))
                    """));
            const string isSuperuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
            Assert.False(await ClusterFixture.QueryAsync<bool>(Unpooled(cluster.ConnectionString), isSuperuser));
            var socket = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
            const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Assert.True(OperatingSystem.IsLinux() && File.GetUnixFileMode(socket) == ownerOnly);
            // Ctrl-C goes to the terminal's session, which must not be the server's.
            Assert.NotEqual(SessionOf(Environment.ProcessId), SessionOf(cluster.ProcessId));
            Assert.NotEmpty(Directory.GetFiles(Path.Combine(cluster.Folder, "log"), "postgres-*.log"));
            await ClusterFixture.ExecuteAsync(Unpooled(cluster.ConnectionString), "CREATE TABLE kept (a integer)");
            await cluster.StopAsync();
            Assert.False(Directory.Exists(socket));
            Assert.Equal(0, cluster.ProcessId);
        }

        await using var again = await StartAsync(folder.Path);
        Assert.False(again.WasAdopted);
        Assert.Equal(0L, await ClusterFixture.QueryAsync<long>(Unpooled(again.ConnectionString), "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task A_long_path_and_a_folder_that_only_its_owner_may_enter_are_no_obstacle()
    {
        using var folder = new TempFolder(open: false);
        var path = Path.Combine(folder.Path, string.Join('/', Enumerable.Repeat("sub-folder-with a 'quote'", 6)));
        Assert.True(path.Length > 150);
        string elsewhere;
        await using (var cluster = await StartAsync(path))
        {
            elsewhere = cluster.Folder;
            await ClusterFixture.ExecuteAsync(Unpooled(cluster.ConnectionString), "CREATE TABLE kept (a integer)");
            Assert.Equal(Environment.IsPrivilegedProcess, File.Exists(Path.Combine(path, "postgres.location")));
            Assert.Equal(Environment.IsPrivilegedProcess, elsewhere.StartsWith("/var/lib/orleanspayments/", StringComparison.Ordinal));
        }

        await using var again = await StartAsync(path);
        Assert.Equal(elsewhere, again.Folder);
        Assert.Equal(0L, await ClusterFixture.QueryAsync<long>(Unpooled(again.ConnectionString), "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task A_long_path_that_everybody_may_enter_keeps_the_cluster()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, new string('x', 150));
        await using var cluster = await StartAsync(path);
        Assert.Equal(Path.Combine(path, "postgres"), cluster.Folder);
    }

    [Fact]
    public async Task A_start_adopts_what_a_killed_silo_left_running_and_starts_anew_after_the_server_was_killed_too()
    {
        using var folder = new TempFolder();
        int server;
        using (var owner = await OwnerProcess.StartAsync(folder.Path))
        {
            server = owner.ServerProcessId;
            await ClusterFixture.ExecuteAsync(Unpooled(owner.ConnectionString), "CREATE TABLE kept (a integer)");
            await owner.KillAsync();
        }

        var adopted = await StartAsync(folder.Path);
        Assert.True(adopted.WasAdopted);
        Assert.Equal(server, adopted.ProcessId);
        Process.GetProcessById(server).Kill();
        await adopted.DisposeAsync();

        await using var anew = await StartAsync(folder.Path);
        Assert.False(anew.WasAdopted);
        Assert.NotEqual(server, anew.ProcessId);
        Assert.Equal(0L, await ClusterFixture.QueryAsync<long>(Unpooled(anew.ConnectionString), "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task A_pid_file_that_names_a_stranger_is_seen_through()
    {
        using var folder = new TempFolder();
        string data;
        await using (var cluster = await StartAsync(folder.Path))
            data = Path.Combine(cluster.Folder, "data");
        // As after a power failure, when the number has been given to another process meanwhile.
        await File.WriteAllLinesAsync(
            Path.Combine(data, "postmaster.pid"),
            [Environment.ProcessId.ToString(CultureInfo.InvariantCulture), data, "1", "5432", "/tmp/opay-gone", "", "  1  1", "ready   "]);
        await using var again = await StartAsync(folder.Path);
        Assert.False(again.WasAdopted);
        Assert.NotEqual(Environment.ProcessId, again.ProcessId);
        await again.StopAsync();
    }

    [Fact]
    public async Task An_interrupted_initdb_is_not_adopted()
    {
        using var folder = new TempFolder();
        // What a kill in the middle of initdb leaves: some of the files, the version among them.
        var half = Path.Combine(folder.Path, "postgres", "data.unfinished");
        await using (var first = await StartAsync(folder.Path))
        {
        }

        Directory.Move(Path.Combine(folder.Path, "postgres", "data"), half);
        Directory.Delete(Path.Combine(half, "base"), recursive: true);
        await using var cluster = await StartAsync(folder.Path);
        Assert.False(Directory.Exists(half));
        Assert.Equal(1, await ClusterFixture.QueryAsync<int>(Unpooled(cluster.ConnectionString), "SELECT 1"));
    }

    [Fact]
    public async Task A_second_silo_on_the_same_data_folder_is_refused()
    {
        using var folder = new TempFolder();
        await using var cluster = await StartAsync(folder.Path);
        var options = new PrivatePostgresOptions { LockTimeout = TimeSpan.FromMilliseconds(100) };
        var refusal = await Assert.ThrowsAsync<PrivatePostgresException>(
            () => PrivatePostgresCluster.StartAsync(folder.Path, NullLogger.Instance, CancellationToken.None, options));
        Assert.Contains("Another silo uses", refusal.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task An_ordinary_user_runs_a_cluster_too()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "of-nobody");
        Directory.CreateDirectory(path);
        using (var chown = Process.Start("chown", ["nobody", path]))
            await chown.WaitForExitAsync();
        using var owner = await OwnerProcess.StartAsync(path, user: "nobody");
        Assert.Equal(1, await ClusterFixture.QueryAsync<int>(Unpooled(owner.ConnectionString), "SELECT 1"));
        Assert.Contains("Uid:\t65534", await File.ReadAllTextAsync($"/proc/{owner.ServerProcessId}/status"), StringComparison.Ordinal);
        Assert.Equal(0, await owner.StopAsync());
        Assert.False(File.Exists(Path.Combine(path, "postgres", "data", "postmaster.pid")));
    }

    private static Task<PrivatePostgresCluster> StartAsync(string path) =>
        PrivatePostgresCluster.StartAsync(path, NullLogger.Instance, CancellationToken.None);

    private static string Unpooled(string connectionString) => connectionString + ";Pooling=false";

    // The sixth field; the second, in brackets, may hold spaces.
    private static string SessionOf(int processId) => File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1].Split(' ')[3];
}
