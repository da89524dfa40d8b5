using System.Globalization;
using Npgsql;

namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>
/// A PostgreSQL cluster of the silo's own, run from the machine's binaries, for the case that no connection string is configured.
/// <list type="number">
/// <item>One silo at a time uses a data folder: it holds the folder's lock from start to stop.</item>
/// <item>The cluster is made once, beside its final place, and moved there when it is complete: an interrupted <c>initdb</c> is never adopted.</item>
/// <item><c>pg_ctl</c> starts the server in a process session of its own, so Ctrl-C reaches the silo only and the server lives until the silo has
/// drained. A silo that was killed leaves it running; the next start adopts it, after it has made sure whose it is.</item>
/// <item>The server listens on one Unix socket in a folder that nobody else may enter; whoever gets there is trusted.</item>
/// </list>
/// Linux only: it looks at <c>/proc</c> to tell its own server from a process that happens to have the same number.
/// </summary>
public sealed partial class PrivatePostgresCluster : IAsyncDisposable
{
    /// <summary>The role and the database of the silo. The role is no superuser.</summary>
    public const string DatabaseName = "payments";

    private const int KeptLogFiles = 5;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LogPruneInterval = TimeSpan.FromMinutes(10);

    private readonly PrivatePostgresOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<FolderLock> _locks = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ClusterAccount _account = null!;
    private ClusterHome _home = null!;
    private PostgresBinaries _binaries = null!;
    private string _realData = "";
    private string _socketFolder = "";
    private ITimer? _logPruner;
    private bool _stopped;

    private PrivatePostgresCluster(PrivatePostgresOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>For Npgsql: the socket, the role and the database <see cref="DatabaseName"/>.</summary>
    public string ConnectionString => Connect(DatabaseName, DatabaseName);

    /// <summary>The same server as its superuser, in the maintenance database; for tests and repairs.</summary>
    public string SuperuserConnectionString => Connect("postgres", "postgres");

    /// <summary>Whether the start found the server running.</summary>
    public bool WasAdopted { get; private set; }

    /// <summary>The server's process.</summary>
    public int ProcessId => PostmasterFile.Read(_home.Data)?.ProcessId ?? 0;

    /// <summary>The folder with the cluster and its log.</summary>
    public string Folder => _home.Folder;

    /// <summary>Creates the cluster if there is none, then starts it or adopts the one that runs.</summary>
    /// <param name="dataFolder">The silo's data folder; created if missing.</param>
    /// <exception cref="PrivatePostgresException">It cannot be done; the message says what to do.</exception>
    public static async Task<PrivatePostgresCluster> StartAsync(
        string dataFolder,
        ILogger logger,
        CancellationToken cancellation,
        PrivatePostgresOptions? options = null,
        TimeProvider? time = null)
    {
        if (!OperatingSystem.IsLinux())
            throw new PrivatePostgresException("The private PostgreSQL cluster needs Linux. Set ConnectionStrings__Payments to use a server.");

        var cluster = new PrivatePostgresCluster(options ?? new PrivatePostgresOptions(), time ?? TimeProvider.System, logger);
        try
        {
            await cluster.PrepareAsync(Path.GetFullPath(dataFolder), cancellation).ConfigureAwait(false);
            await cluster.CreateClusterAsync(cancellation).ConfigureAwait(false);
            await cluster.AdoptOrStartAsync(cancellation).ConfigureAwait(false);
            await cluster.CreateDatabaseAsync(cancellation).ConfigureAwait(false);
            cluster._logPruner = cluster._time.CreateTimer(_ => cluster.PruneLog(), null, TimeSpan.Zero, LogPruneInterval);
            return cluster;
        }
        catch
        {
            cluster.ReleaseLocks();
            throw;
        }
    }

    /// <summary>Fast shutdown: the server's sessions are ended, everything is flushed. Harmless when it runs no more.</summary>
    public async Task StopAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_stopped)
                return;
            _stopped = true;
            if (_logPruner is not null)
                await _logPruner.DisposeAsync().ConfigureAwait(false);
            await StopServerAsync("fast", CancellationToken.None).ConfigureAwait(false);
            await SocketFolder.RemoveAsync(_socketFolder, _account, CancellationToken.None).ConfigureAwait(false);
            LogStopped(_logger, _home.Folder);
        }
        finally
        {
            ReleaseLocks();
            _gate.Release();
        }
    }

    /// <summary>Stops and starts the server behind the same connection string; for tests and maintenance.</summary>
    /// <param name="immediate">True: as if the power had failed, with crash recovery at the start. False: fast shutdown.</param>
    public async Task RestartAsync(bool immediate, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            await StopServerAsync(immediate ? "immediate" : "fast", cancellation).ConfigureAwait(false);
            await StartServerAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    private string Connect(string user, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _socketFolder,
        Port = 5432,
        Username = user,
        Database = database,
    }.ConnectionString;

    private async Task PrepareAsync(string dataFolder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(dataFolder);
        await TakeLockAsync(Path.Combine(dataFolder, "postgres.lock"), dataFolder, cancellation).ConfigureAwait(false);
        _account = await ClusterAccount.FindAsync(cancellation).ConfigureAwait(false);
        _home = await ClusterHome.LocateAsync(dataFolder, _account, cancellation).ConfigureAwait(false);
        // A copied data folder carries a copy of the pointer; the cluster it points to is still one.
        if (Path.GetDirectoryName(_home.Folder) == ClusterHome.ElsewhereRoot)
            await TakeLockAsync(_home.Folder + ".lock", _home.Folder, cancellation).ConfigureAwait(false);
        await _home.PrepareAsync(_account, cancellation).ConfigureAwait(false);
        _binaries = await PostgresBinaries.FindAsync(_home.Major, cancellation).ConfigureAwait(false);
    }

    private async Task TakeLockAsync(string file, string what, CancellationToken cancellation) =>
        _locks.Add(await FolderLock.TakeAsync(file, what, _options.LockTimeout, _time, cancellation).ConfigureAwait(false));

    private void ReleaseLocks()
    {
        foreach (var held in _locks)
            held.Dispose();
        _locks.Clear();
    }

    private async Task CreateClusterAsync(CancellationToken cancellation)
    {
        const string unfinished = "data.unfinished";
        var making = Path.Combine(_home.Folder, unfinished);
        if (!_home.HasCluster)
        {
            if (Directory.Exists(_home.Data))
                throw new PrivatePostgresException($"{_home.Data} exists but holds no cluster. Move it away.");

            LogCreating(_logger, _binaries.Major, _home.Folder);
            (await _account.RunAsync(["rm", "-rf", making], cancellation).ConfigureAwait(false)).OrThrow($"Removing {making}");
            var initdb = await _account.RunAsync(
                [
                    _binaries.Initdb, "--pgdata", making, "--data-checksums", "--encoding=UTF8", "--locale=C", "--username=postgres",
                    "--auth-local=trust", "--auth-host=reject",
                ],
                cancellation,
                _options.StartTimeout).ConfigureAwait(false);
            initdb.OrThrow("initdb");

            // The parent is flushed too: a rename that a power failure undoes would take every later commit with it.
            const string finish = """
                set -e
                echo "include_if_exists = 'silo.conf'" >> "$1/postgresql.conf"
                sync "$1/postgresql.conf"
                mv -T "$1" "$2"
                sync "$3"
                """;
            var moved = await _account.RunAsync(["sh", "-c", finish, "sh", making, _home.Data, _home.Folder], cancellation).ConfigureAwait(false);
            moved.OrThrow("Putting the new cluster into its place");
        }

        var real = await _account.RunAsync(["readlink", "-f", _home.Data], cancellation).ConfigureAwait(false);
        _realData = real.OrThrow($"Resolving {_home.Data}").Output;
    }

    private async Task AdoptOrStartAsync(CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(started) < _options.StartTimeout)
        {
            var file = PostmasterFile.Read(_home.Data);
            var running = await ListServerProcessesAsync(cancellation).ConfigureAwait(false);
            if (file is not null && running.Contains(file.ProcessId) && file.Status != "stopping")
            {
                if (await TryAdoptAsync(file, cancellation).ConfigureAwait(false))
                    return;
                if (file.Status == "ready")
                {
                    LogUnreachable(_logger, _home.Folder);
                    await StopServerAsync("fast", cancellation).ConfigureAwait(false);
                }
            }
            else if (running.Count == 0)
            {
                await RemoveStaleFileAsync(file, cancellation).ConfigureAwait(false);
                _socketFolder = await SocketFolder.CreateAsync(_account, cancellation).ConfigureAwait(false);
                await StartServerAsync(cancellation).ConfigureAwait(false);
                LogStarted(_logger, ProcessId, _account.Name, _home.Folder);
                return;
            }

            // The server is starting or stopping, or its children still notice that it was killed. They share its memory: no new one until they are gone.
            await Task.Delay(PollInterval, _time, cancellation).ConfigureAwait(false);
        }

        throw new PrivatePostgresException(
            $"A server in {_home.Data} neither became reachable nor ended within {_options.StartTimeout.TotalSeconds:0} s. Its log is in {_home.Log}.");
    }

    private async Task<bool> TryAdoptAsync(PostmasterFile file, CancellationToken cancellation)
    {
        if (file.SocketFolder.Length == 0 || !await _account.OwnsPrivatelyAsync(file.SocketFolder, cancellation).ConfigureAwait(false))
            return false;
        _socketFolder = file.SocketFolder;
        try
        {
            await using var connection = new NpgsqlConnection(Unpooled(SuperuserConnectionString));
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            await using var command = new NpgsqlCommand("SHOW data_directory", connection);
            var data = (string?)await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
            if (data != _home.Data && data != _realData)
                return false;
        }
        catch (NpgsqlException)
        {
            return false;
        }

        WasAdopted = true;
        LogAdopted(_logger, file.ProcessId, _home.Folder);
        return true;
    }

    /// <summary>
    /// PostgreSQL itself sees through most stale files, but refuses to start when the number now belongs to some other process. No process works in
    /// the cluster's folder, so nothing is attached to its shared memory and the file may go.
    /// </summary>
    private async Task RemoveStaleFileAsync(PostmasterFile? file, CancellationToken cancellation)
    {
        if (file is null)
            return;
        (await _account.RunAsync(["rm", "-f", PostmasterFile.PathIn(_home.Data)], cancellation).ConfigureAwait(false)).OrThrow("Removing postmaster.pid");
        await SocketFolder.RemoveAsync(file.SocketFolder, _account, cancellation).ConfigureAwait(false);
        LogStaleFileRemoved(_logger, file.ProcessId, _home.Folder);
    }

    private async Task StartServerAsync(CancellationToken cancellation)
    {
        var settings = ServerSettings.Render(_socketFolder, _home.Log);
        await _account.WriteFileAsync(Path.Combine(_home.Data, ServerSettings.FileName), settings, cancellation).ConfigureAwait(false);
        (await _account.RunAsync(["rm", "-f", _home.StartLog], cancellation).ConfigureAwait(false)).OrThrow($"Removing {_home.StartLog}");
        var seconds = ((int)_options.StartTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var start = await _account.RunAsync(
            [_binaries.PgCtl, "start", "--silent", "--wait", "--timeout", seconds, "--pgdata", _home.Data, "--log", _home.StartLog],
            cancellation,
            _options.StartTimeout + TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        if (start.ExitCode != 0)
        {
            var log = File.Exists(_home.StartLog) ? string.Join('\n', File.ReadLines(_home.StartLog).TakeLast(20)) : "";
            throw new PrivatePostgresException($"PostgreSQL did not start: {start.Error} {log} (more in {_home.Log})");
        }
    }

    private async Task StopServerAsync(string mode, CancellationToken cancellation)
    {
        var file = PostmasterFile.Read(_home.Data);
        var running = await ListServerProcessesAsync(cancellation).ConfigureAwait(false);
        if (file is null || !running.Contains(file.ProcessId))
            return;
        if (await PgCtlStopAsync(mode, cancellation).ConfigureAwait(false))
            return;
        LogStopForced(_logger, _options.StopTimeout.TotalSeconds);
        await PgCtlStopAsync("immediate", cancellation).ConfigureAwait(false);
    }

    private async Task<bool> PgCtlStopAsync(string mode, CancellationToken cancellation)
    {
        var seconds = ((int)Math.Max(1, _options.StopTimeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var stop = await _account.RunAsync(
            [_binaries.PgCtl, "stop", "--silent", "--wait", "--timeout", seconds, "--mode", mode, "--pgdata", _home.Data],
            cancellation,
            _options.StopTimeout + TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        return stop.ExitCode == 0;
    }

    /// <summary>
    /// The processes that work in the cluster's folder: the server and its children. Read as the server's account, because root in a container may
    /// lack the right to look at another user's processes.
    /// </summary>
    private async Task<HashSet<int>> ListServerProcessesAsync(CancellationToken cancellation)
    {
        var list = await _account.RunAsync(["sh", "-c", "ls -ld /proc/[0-9]*/cwd 2>/dev/null; true"], cancellation).ConfigureAwait(false);
        var processes = new HashSet<int>();
        foreach (var line in list.Output.Split('\n'))
        {
            var start = line.IndexOf("/proc/", StringComparison.Ordinal);
            var arrow = line.IndexOf("/cwd -> ", StringComparison.Ordinal);
            if (start >= 0 && arrow > start && line[(arrow + 8)..] == _realData)
                processes.Add(int.Parse(line.AsSpan(start + 6, arrow - start - 6), NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return processes;
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(Unpooled(SuperuserConnectionString));
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        await CreateUnlessAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = 'payments'", "CREATE ROLE payments LOGIN", cancellation)
            .ConfigureAwait(false);
        await CreateUnlessAsync(
            connection, "SELECT 1 FROM pg_database WHERE datname = 'payments'", "CREATE DATABASE payments OWNER payments", cancellation).ConfigureAwait(false);
    }

    private static async Task CreateUnlessAsync(NpgsqlConnection connection, string exists, string create, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(exists, connection);
        if (await query.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not null)
            return;
#pragma warning disable CA2100 // Both texts are constants of this class.
        await using var command = new NpgsqlCommand(create, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 }.ConnectionString;

    private void PruneLog()
    {
        try
        {
            var old = Directory.EnumerateFiles(_home.Log, ServerSettings.LogFilePattern).OrderDescending(StringComparer.Ordinal).Skip(KeptLogFiles).ToList();
            foreach (var file in old)
                File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogPruneFailed(_logger, e, _home.Log);
        }
    }
}
