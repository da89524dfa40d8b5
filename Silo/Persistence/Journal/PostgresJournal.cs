using System.Globalization;
using Npgsql;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>
/// The journal on PostgreSQL. A start takes every shard from whoever had it; from then on the writers commit (see <see cref="JournalWriter"/> for the
/// protocol) and the loader reads, until another silo takes the shards or this one stops.
/// </summary>
public sealed partial class PostgresJournal : IJournal, IAsyncDisposable
{
    /// <summary>The largest content of one append, in bytes.</summary>
    public const int MaxEventBytes = 1024 * 1024;

    private const string NotStarted = "The journal has not started or has stopped.";

    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly IFailpoints _failpoints;
    private readonly CancellationTokenSource _stopping = new();
    private readonly long[] _heads;
    private JournalConnections? _connections;
    private JournalWriter[] _writers = [];
    private JournalLoader? _loader;
    private Task _watcher = Task.CompletedTask;
    private volatile string? _fencedReason;
    private volatile bool _running;

    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of its range.</exception>
    public PostgresJournal(
        JournalOptions options, TimeProvider time, JournalMetrics metrics, ILogger<PostgresJournal> logger, IFailpoints? failpoints = null)
    {
        options.ThrowIfInvalid();
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _failpoints = failpoints ?? NoFailpoints.Instance;
        Shards = new ShardMap(options.Shards);
        _heads = new long[options.Shards];
        metrics.ObserveQueue(() => Health.QueuedAppends);
        Owner = string.Create(
            CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");
    }

    /// <summary>Raised after a commit, on the writer's thread, once the heads show it; must be quick and must not throw.</summary>
    public event Action? Advanced;

    public ShardMap Shards { get; }

    /// <summary>This journal's name in the shard table; unique per instance.</summary>
    public string Owner { get; }

    /// <summary>The shards as this silo acquired them at its start.</summary>
    public IReadOnlyList<ShardMark> AcquiredShards { get; private set; } = [];

    public JournalHealth Health
    {
        get
        {
            var queued = _writers.Sum(writer => writer.QueueLength);
            if (_fencedReason is { } fenced)
                return new JournalHealth(JournalState.Fenced, fenced, queued);
            if (!_running)
                return new JournalHealth(JournalState.Stopped, NotStarted, queued);
            var worst = _writers.MaxBy(writer => writer.State)!;
            return new JournalHealth(worst.State, worst.Reason, queued);
        }
    }

    /// <summary>The position of a shard's last committed row, as far as this silo knows; 0 for none.</summary>
    public long HeadOf(int shard) => Volatile.Read(ref _heads[shard]);

    /// <summary>Takes all shards and begins to serve. The schema must be there.</summary>
    /// <exception cref="InvalidOperationException">The database was created with another number of shards.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task StartAsync(string connectionString, CancellationToken cancellation)
    {
        _connections = new JournalConnections(connectionString, _options.CommandTimeout);
        AcquiredShards = await AcquireAllAsync(cancellation).ConfigureAwait(false);
        foreach (var mark in AcquiredShards)
            Volatile.Write(ref _heads[mark.Shard], mark.Head);

        var writers = Enumerable.Range(0, _options.Writers).Select(CreateWriter).ToArray();
        foreach (var writer in writers)
            await writer.StartAsync(cancellation).ConfigureAwait(false);
        _writers = writers;
        _loader = new JournalLoader(_connections, _options, _time, _logger, RefusalOfLoad);
        _loader.Start();
        _running = true;
        _watcher = Task.Run(WatchOwnershipAsync, CancellationToken.None);
        LogStarted(AcquiredShards.Count, Owner);
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        ArgumentNullException.ThrowIfNull(append.Entity);
        ArgumentOutOfRangeException.ThrowIfNegative(append.ExpectedVersion);
        ArgumentOutOfRangeException.ThrowIfEqual(append.ExpectedVersion, int.MaxValue);
        if (!EntityName.IsStorable(append.Entity) || append.Events.Length > MaxEventBytes)
            return ValueTask.FromResult(new AppendResult(AppendStatus.Rejected, default));
        if (!_running)
            return ValueTask.FromException<AppendResult>(new JournalUnavailableException(_fencedReason ?? NotStarted, outcomeUnknown: false));
        var shard = Shards.ShardOf(append.Entity);
        try
        {
            return new ValueTask<AppendResult>(_writers[shard % _writers.Length].AppendAsync(append, shard));
        }
        catch (JournalUnavailableException e)
        {
            return ValueTask.FromException<AppendResult>(e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No entity can have this name.</exception>
    public ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity) => LoadAsync(entity, most: null);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No entity can have this name.</exception>
    public ValueTask<IReadOnlyList<JournalEntry>> LoadLastAsync(string entity, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        return LoadAsync(entity, most);
    }

    private ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity, int? most)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (!EntityName.IsStorable(entity))
            throw new ArgumentException("An entity's name has 1 to 200 characters, valid Unicode, no NUL.", nameof(entity));
        if (RefusalOfLoad(entity) is { } refusal)
            return ValueTask.FromException<IReadOnlyList<JournalEntry>>(new JournalUnavailableException(refusal, outcomeUnknown: false));
        try
        {
            return new ValueTask<IReadOnlyList<JournalEntry>>(_loader!.LoadAsync(entity, most));
        }
        catch (JournalUnavailableException e)
        {
            return ValueTask.FromException<IReadOnlyList<JournalEntry>>(e);
        }
    }

    /// <summary>Takes no more appends, commits those that wait within the drain timeout, closes the connections. The shards stay ours until taken.</summary>
    public async Task StopAsync()
    {
        if (_connections is null || _stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_writers.Select(writer => writer.DisposeAsync().AsTask())).ConfigureAwait(false);
        _running = false;
        if (_loader is not null)
            await _loader.DisposeAsync().ConfigureAwait(false);
        await _watcher.ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
        LogStopped(Owner);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private JournalWriter CreateWriter(int number) => new(
        [.. AcquiredShards.Where(mark => mark.Shard % _options.Writers == number)],
        Owner, _connections!, _options, _time, _metrics, _logger, _failpoints, Publish, Fence);

    private async Task<IReadOnlyList<ShardMark>> AcquireAllAsync(CancellationToken cancellation)
    {
        await using var connection = await _connections!.OpenAsync(cancellation).ConfigureAwait(false);
        await CreateShardsAsync(connection, cancellation).ConfigureAwait(false);
        int[] all = [.. Enumerable.Range(0, Shards.Count)];
        var marks = await ShardOwnership.AcquireAsync(connection, all, Owner, onlyIfOwner: null, cancellation).ConfigureAwait(false);
        return marks ?? throw new InvalidOperationException("The journal's table of shards is damaged: a shard is missing.");
    }

    private async Task CreateShardsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var count = new NpgsqlCommand(
            "LOCK TABLE payments.shard IN SHARE ROW EXCLUSIVE MODE; SELECT count(*) FROM payments.shard", connection);
        var existing = (long)(await count.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        if (existing == Shards.Count)
            return;
        if (existing != 0)
        {
            throw new InvalidOperationException(
                $"The database was created with {existing} shards and Journal:Shards is {Shards.Count}. The number can never change: set it back.");
        }

        await using var create = new NpgsqlCommand(JournalSql.CreateShards, connection);
        create.Parameters.Add(new() { Value = Shards.Count });
        await create.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private void Publish(IReadOnlyList<ShardMark> moved)
    {
        foreach (var mark in moved)
            Volatile.Write(ref _heads[mark.Shard], mark.Head);
        Advanced?.Invoke();
    }

    private string? RefusalOfLoad(string entity)
    {
        if (_fencedReason is { } fenced)
            return fenced;
        return _running ? _writers[Shards.ShardOf(entity) % _writers.Length].Reason : NotStarted;
    }

    private void Fence(string reason)
    {
        if (Interlocked.CompareExchange(ref _fencedReason, reason, null) is null)
            LogFenced(reason, Owner);
        foreach (var writer in _writers)
            writer.StopForGood(reason);
    }

    private async Task WatchOwnershipAsync()
    {
        NpgsqlConnection? connection = null;
        using var timer = new PeriodicTimer(_options.OwnershipPollInterval, _time);
        try
        {
            while (_fencedReason is null && await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    connection ??= await _connections!.OpenAsync(_stopping.Token).ConfigureAwait(false);
                    await using var query = new NpgsqlCommand(JournalSql.FindForeignShard, connection);
                    query.Parameters.Add(new() { Value = Owner });
                    if (await query.ExecuteScalarAsync(_stopping.Token).ConfigureAwait(false) is not null)
                        Fence("The journal's shards belong to another silo.");
                }
                catch (NpgsqlException e)
                {
                    // The writers find out for themselves that the database is away; this only must not give up.
                    LogWatchFailed(e);
                    if (connection is not null)
                        await connection.DisposeAsync().ConfigureAwait(false);
                    connection = null;
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
