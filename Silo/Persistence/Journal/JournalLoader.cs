using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>
/// Serves loads in batches: while one query is in flight, loads queue (bounded), and the next query takes them all. A few connections share the queue.
/// </summary>
internal sealed partial class JournalLoader : IAsyncDisposable
{
    private readonly JournalConnections _connections;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<string, string?> _refusalOf;
    private readonly Channel<PendingLoad> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];

    /// <param name="refusalOf">Why an entity must not be read at the moment, null if it may: its writer does not know what became of a batch.</param>
    public JournalLoader(JournalConnections connections, JournalOptions options, TimeProvider time, ILogger logger, Func<string, string?> refusalOf)
    {
        _connections = connections;
        _options = options;
        _time = time;
        _logger = logger;
        _refusalOf = refusalOf;
        _queue = Channel.CreateBounded<PendingLoad>(new BoundedChannelOptions(options.MaxLoadQueue) { FullMode = BoundedChannelFullMode.Wait });
    }

    public void Start()
    {
        for (var i = 0; i < _options.LoadConnections; i++)
            _loops.Add(Task.Run(RunAsync, CancellationToken.None));
    }

    /// <param name="most">How many of the last entries; null for all.</param>
    /// <exception cref="JournalUnavailableException">The load was not taken.</exception>
    public Task<IReadOnlyList<JournalEntry>> LoadAsync(string entity, int? most)
    {
        var load = new PendingLoad(entity, most);
        if (!_queue.Writer.TryWrite(load))
            throw new JournalUnavailableException("The journal's queue of loads is full, or it is stopping.", outcomeUnknown: false);
        return load.Task;
    }

    /// <summary>Answers the loads that wait, within the drain timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await Task.WhenAll(_loops).WaitAsync(_options.DrainTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_loops).ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        NpgsqlConnection? connection = null;
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var loads = TakeBatch();
            if (loads.Count == 0)
                continue;
            connection = await ServeAsync(connection, loads).ConfigureAwait(false);
        }

        if (connection is not null)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    private List<PendingLoad> TakeBatch()
    {
        var loads = new List<PendingLoad>();
        while (loads.Count < _options.MaxLoadBatch && _queue.Reader.TryRead(out var load))
        {
            if (_refusalOf(load.Entity) is { } refusal)
                load.Fail(refusal);
            else
                loads.Add(load);
        }

        return loads;
    }

    /// <summary>Answers every load; returns the connection to go on with, null if it must be opened anew.</summary>
    private async Task<NpgsqlConnection?> ServeAsync(NpgsqlConnection? connection, List<PendingLoad> loads)
    {
        // A connection that stood idle may have been closed by a server that is back by now; only a fresh one tells that there is none.
        for (var fresh = connection is null; ; fresh = true)
        {
            try
            {
                connection ??= await _connections.OpenAsync(_stopping.Token).ConfigureAwait(false);
                var found = await QueryAsync(connection, [.. loads.Where(load => load.Most is null)]).ConfigureAwait(false);
                foreach (var load in loads.Where(load => load.Most is not null))
                    load.Found = await QueryLastAsync(connection, load).ConfigureAwait(false);
                Answer(loads, found);
                return connection;
            }
            catch (Exception e)
            {
                if (connection is not null)
                    await connection.DisposeAsync().ConfigureAwait(false);
                connection = null;
                if (!fresh)
                    continue;
                LogLoadFailed(e, loads.Count);
                foreach (var load in loads)
                    load.Fail("The journal's database cannot be reached.", e);
                return null;
            }
        }
    }

    private async Task<Dictionary<string, List<JournalEntry>>> QueryAsync(NpgsqlConnection connection, List<PendingLoad> loads)
    {
        var found = new Dictionary<string, List<JournalEntry>>(StringComparer.Ordinal);
        if (loads.Count == 0)
            return found;
        foreach (var load in loads)
            found.TryAdd(load.Entity, []);
        await using var query = new NpgsqlCommand(JournalSql.Load, connection);
        query.Parameters.Add(new NpgsqlParameter { Value = found.Keys.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await query.PrepareAsync(_stopping.Token).ConfigureAwait(false);
        await using var reader = await query.ExecuteReaderAsync(_stopping.Token).ConfigureAwait(false);
        List<JournalEntry>? entries = null;
        var entity = "";
        while (await reader.ReadAsync(_stopping.Token).ConfigureAwait(false))
        {
            var name = reader.GetString(0);
            if (entries is null || name != entity)
                (entity, entries) = (name, found[name]);
            entries.Add(EntryOf(reader));
        }

        return found;
    }

    // Rare: few entities are read by their end, each once in an activation.
    private async Task<List<JournalEntry>> QueryLastAsync(NpgsqlConnection connection, PendingLoad load)
    {
        await using var query = new NpgsqlCommand(JournalSql.LoadLast, connection);
        query.Parameters.Add(new NpgsqlParameter { Value = load.Entity, NpgsqlDbType = NpgsqlDbType.Text });
        query.Parameters.Add(new NpgsqlParameter { Value = load.Most!.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var reader = await query.ExecuteReaderAsync(_stopping.Token).ConfigureAwait(false);
        var entries = new List<JournalEntry>();
        while (await reader.ReadAsync(_stopping.Token).ConfigureAwait(false))
            entries.Add(EntryOf(reader));
        return entries;
    }

    private static JournalEntry EntryOf(NpgsqlDataReader reader) =>
        new(reader.GetInt32(1), new DateTimeOffset(reader.GetDateTime(2), TimeSpan.Zero), reader.GetFieldValue<byte[]>(3));

    private void Answer(List<PendingLoad> loads, Dictionary<string, List<JournalEntry>> found)
    {
        foreach (var load in loads)
        {
            // Asked again: the writer may have lost a batch while the query ran.
            if (_refusalOf(load.Entity) is { } refusal)
                load.Fail(refusal);
            else
                load.TrySetResult(load.Found ?? found[load.Entity]);
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "A query for {Count} loads failed")]
    private partial void LogLoadFailed(Exception exception, int count);

    private sealed class PendingLoad(string entity, int? most)
        : TaskCompletionSource<IReadOnlyList<JournalEntry>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Entity { get; } = entity;

        /// <summary>Null for all.</summary>
        public int? Most { get; } = most;

        /// <summary>Of a load that is not for all.</summary>
        public IReadOnlyList<JournalEntry>? Found { get; set; }

        public void Fail(string reason, Exception? cause = null) =>
            TrySetException(new JournalUnavailableException(reason, outcomeUnknown: false, cause));
    }
}
