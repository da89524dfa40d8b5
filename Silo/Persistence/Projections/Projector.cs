using System.Threading.Channels;
using Npgsql;
using OrleansPayments.Silo.Persistence.Journal;

namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>
/// Keeps the projections up with the journal. Those that are close to its end share one lane: one query reads the new rows of all shards, and each
/// applies them in a transaction of its own. One that is far behind (after a start, a rebuild) reads in a lane of its own until it is close,
/// so it holds up nobody. The lane wakes when a writer has committed, and now and then by itself.
/// </summary>
public sealed partial class Projector : IAsyncDisposable
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);

    private readonly PostgresJournal _journal;
    private readonly IReadOnlyList<IProjection> _projections;
    private readonly ProjectorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly List<Task> _tasks = [];
    private NpgsqlDataSource? _database;
    private List<ProjectionRunner> _runners = [];
    private ITimer? _poll;
    private volatile bool _lookEverywhere;

    public Projector(
        PostgresJournal journal, IEnumerable<IProjection> projections, ProjectorOptions options, TimeProvider time, ILogger<Projector> logger)
    {
        options.ThrowIfInvalid();
        _journal = journal;
        _projections = [.. projections];
        _options = options;
        _time = time;
        _logger = logger;
        if (_projections.GroupBy(projection => projection.Name, StringComparer.Ordinal).Any(same => same.Count() > 1))
            throw new ArgumentException("Two projections have the same name.", nameof(projections));
    }

    /// <summary>Every projection's state, for readiness: one that is stopped or fenced needs a person.</summary>
    public IReadOnlyList<ProjectionStatus> Statuses => _runners.Count > 0 || _projections.Count == 0
        ? [.. _runners.Select(runner => new ProjectionStatus(runner.Projection.Name, runner.State, runner.Reason, LagOf(runner)))]
        : [.. _projections.Select(projection => new ProjectionStatus(projection.Name, ProjectionState.Idle, null, 0))];

    /// <summary>Makes missing tables and begins to follow the journal, which must have started.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task StartAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        _database = database;
        var runners = _projections.Select(projection => new ProjectionRunner(projection, _journal.AcquiredShards, _logger)).ToList();
        await using (var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false))
        {
            foreach (var runner in runners)
                await runner.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        }

        _runners = runners;
        _journal.Advanced += Wake;
        _poll = _time.CreateTimer(_ => Poll(), null, _options.PollInterval, _options.PollInterval);
        Run(FollowAsync);
        foreach (var runner in runners)
            Run(() => CatchUpAsync(runner));
    }

    /// <summary>Ends the rounds; what is not applied yet is applied after the next start.</summary>
    public async Task StopAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _journal.Advanced -= Wake;
        if (_poll is not null)
            await _poll.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task[] tasks;
        lock (_gate)
            tasks = [.. _tasks];
        await Task.WhenAll(tasks).ConfigureAwait(false);
        foreach (var runner in _runners.Where(runner => runner.IsAlive))
            runner.Enter(ProjectionState.Idle);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _runners.ForEach(runner => runner.Dispose());
        _stopping.Dispose();
    }

    /// <summary>Waits until a projection holds a shard up to a position; false when it does not within the time, or is stopped.</summary>
    public Task<bool> WaitUntilAsync(string projection, int shard, long position, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var runner = Find(projection);
        return WaitAsync(runner, () => runner.PositionOf(shard) >= position, timeout, cancellation);
    }

    /// <summary>Waits until a projection holds everything that is committed for an entity at this moment; false when it does not within the time.</summary>
    public Task<bool> WaitUntilAsync(string projection, string entity, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var shard = _journal.Shards.ShardOf(entity);
        return WaitUntilAsync(projection, shard, _journal.HeadOf(shard), timeout, cancellation);
    }

    /// <summary>Waits until a projection holds everything that is committed at this moment; false when it does not within the time, or is stopped.</summary>
    public Task<bool> WaitUntilNowAsync(string projection, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var runner = Find(projection);
        long[] heads = [.. Enumerable.Range(0, _journal.Shards.Count).Select(_journal.HeadOf)];
        return WaitAsync(runner, () => !heads.Where((head, shard) => runner.PositionOf(shard) < head).Any(), timeout, cancellation);
    }

    /// <summary>
    /// Drops a projection's content and derives it again from the journal's beginning; also the way to go on after a projection has stopped and was
    /// corrected. Readers see the content grow meanwhile.
    /// </summary>
    /// <returns>False when it stopped on the way or the time is over; it then goes on by itself.</returns>
    public async Task<bool> RebuildAsync(string projection, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var runner = Find(projection);
        await using (var connection = await _database!.OpenConnectionAsync(cancellation).ConfigureAwait(false))
        {
            if (!await runner.ResetAsync(connection, cancellation).ConfigureAwait(false))
                return false;
        }

        LogRebuilding(projection);
        Run(() => CatchUpAsync(runner));
        return await WaitUntilNowAsync(projection, timeout, cancellation).ConfigureAwait(false);
    }

    /// <summary>The MD5 of a projection's content, row by row in its own order: equal content, equal sum. For up to some 30 million rows.</summary>
    public async Task<string> ChecksumAsync(string projection, CancellationToken cancellation = default)
    {
        var content = Find(projection).Projection.ContentQuery;
        await using var connection = await _database!.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
#pragma warning disable CA2100 // The query is a constant of the projection.
        await using var query = new NpgsqlCommand(
            $"SET LOCAL TimeZone = 'UTC'; SELECT md5(coalesce(string_agg(md5(content::text), ''), '')) FROM ({content}) AS content", connection)
        {
            CommandTimeout = 0,
        };
#pragma warning restore CA2100
        return (string)(await query.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private ProjectionRunner Find(string projection) =>
        _runners.FirstOrDefault(runner => runner.Projection.Name == projection)
        ?? throw new ArgumentException($"There is no projection '{projection}', or the projector has not started.", nameof(projection));

    private async Task<bool> WaitAsync(ProjectionRunner runner, Func<bool> reached, TimeSpan timeout, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            // Taken before the look, or a change between the two would be missed.
            var change = runner.NextChange();
            if (reached())
                return true;
            var left = timeout - _time.GetElapsedTime(started);
            if (!runner.IsAlive || left <= TimeSpan.Zero)
                return false;
            try
            {
                await change.WaitAsync(left, _time, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return reached();
            }
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private void Poll()
    {
        _lookEverywhere = true;
        Wake();
    }

    private void Run(Func<Task> loop)
    {
        lock (_gate)
        {
            _tasks.RemoveAll(task => task.IsCompleted);
            _tasks.Add(Task.Run(loop, CancellationToken.None));
        }
    }

    /// <summary>The common lane.</summary>
    private async Task FollowAsync()
    {
        var more = false;
        await RepeatAsync(async connection =>
        {
            if (!more)
                await _wake.Reader.ReadAsync(_stopping.Token).ConfigureAwait(false);
            var everywhere = _lookEverywhere;
            _lookEverywhere = false;
            var running = _runners.Where(runner => runner.State == ProjectionState.Running).ToList();
            more = running.Count > 0 && await RoundAsync(await connection().ConfigureAwait(false), running, everywhere).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    /// <summary>A lane of its own for one projection, until it is close to the journal's end.</summary>
    private async Task CatchUpAsync(ProjectionRunner runner)
    {
        await RepeatAsync(async connection =>
        {
            if (runner.State != ProjectionState.CatchingUp)
                return false;
            if (LagOf(runner) >= _options.MaxRows)
                return await RoundAsync(await connection().ConfigureAwait(false), [runner], everywhere: false).ConfigureAwait(false) || runner.IsAlive;
            runner.Enter(ProjectionState.Running);
            Poll();
            return false;
        }).ConfigureAwait(false);
    }

    /// <summary>Repeats a step with a connection until it returns false; an error that may pass costs a pause and the connection.</summary>
    private async Task RepeatAsync(Func<Func<Task<NpgsqlConnection>>, Task<bool>> step)
    {
        NpgsqlConnection? connection = null;
        var failures = 0;
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    var goOn = await step(async () => connection ??= await _database!.OpenConnectionAsync(_stopping.Token).ConfigureAwait(false))
                        .ConfigureAwait(false);
                    failures = 0;
                    if (!goOn)
                        return;
                }
                catch (Exception e) when (!_stopping.IsCancellationRequested)
                {
                    LogRoundFailed(e, ++failures);
                    if (connection is not null)
                        await connection.DisposeAsync().ConfigureAwait(false);
                    connection = null;
                    var pause = FirstBackOff * Math.Pow(2, Math.Min(failures - 1, 20));
                    await Task.Delay(pause < _options.MaxBackOff ? pause : _options.MaxBackOff, _time, _stopping.Token).ConfigureAwait(false);
                    Poll();
                }
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // A stop interrupts whatever the round was doing; its transaction is rolled back or was committed, and the next start reads which.
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads the next rows once and gives them to each projection; false when there was nothing new.</summary>
    private async Task<bool> RoundAsync(NpgsqlConnection connection, List<ProjectionRunner> runners, bool everywhere)
    {
        foreach (var runner in runners)
            await runner.ClaimAsync(connection, _stopping.Token).ConfigureAwait(false);
        int[] generations = [.. runners.Select(runner => runner.Generation)];
        var shards = new List<int>();
        var seen = new List<long>();
        for (var shard = 0; shard < _journal.Shards.Count; shard++)
        {
            var position = runners.Where(runner => runner.IsAlive).Select(runner => runner.PositionOf(shard)).DefaultIfEmpty(long.MaxValue).Min();
            if (everywhere || position < _journal.HeadOf(shard))
            {
                shards.Add(shard);
                seen.Add(position);
            }
        }

        if (shards.Count == 0)
            return false;
        var perShard = Math.Max(1, _options.MaxRows / shards.Count);
        var rows = await JournalReader.ReadAsync(connection, [.. shards], [.. seen], perShard, _stopping.Token).ConfigureAwait(false);
        if (rows.Count == 0)
            return false;
        foreach (var (runner, generation) in runners.Zip(generations))
            await runner.ApplyAsync(connection, rows, generation, _stopping.Token).ConfigureAwait(false);
        return true;
    }

    private long LagOf(ProjectionRunner runner) =>
        Enumerable.Range(0, _journal.Shards.Count).Sum(shard => Math.Max(0, _journal.HeadOf(shard) - runner.PositionOf(shard)));

    [LoggerMessage(1, LogLevel.Warning, "A round of the projector failed, {Failures} in a row; it tries again")]
    private partial void LogRoundFailed(Exception exception, int failures);

    [LoggerMessage(2, LogLevel.Information, "The projection {Projection} is dropped and rebuilt from the journal")]
    private partial void LogRebuilding(string projection);
}
