using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Persistence.Projections;

namespace OrleansPayments.Silo.Persistence.PaymentList;

/// <summary>One row per payment: what it is filtered and ordered by, and its whole state as JSON.</summary>
internal sealed class PaymentListProjection : IProjection
{
    public const string ProjectionName = "payment_list";

    public string Name => ProjectionName;

    public int SchemaVersion => 4;

    public IReadOnlyList<string> Tables { get; } = ["payments.payment_list"];

    /// <summary>Payments that wait for a person.</summary>
    public const string IsWork = "work_item_reason IS NOT NULL";

    // Three indexes over all payments besides the key, and none on what changes. The two small ones say by their conditions who is in them: the version that makes a
    // payment due or work, or ends that, is written to all indexes; every other one is a heap-only update.
    public string CreateTablesSql => $"""
        CREATE TABLE payments.payment_list (
            id                text        COLLATE "C" PRIMARY KEY,
            merchant_id       text        COLLATE "C" NOT NULL,
            created_at        timestamptz NOT NULL,
            merchant_order_id text        COLLATE "C",
            customer_id       text        COLLATE "C",
            status            text        NOT NULL,
            connector         text,
            version           integer     NOT NULL,
            work_item_reason  text,
            work_item_since   timestamptz,
            due_at            timestamptz,
            state             text        NOT NULL
        ) WITH (fillfactor = 60);
        CREATE INDEX payment_list_by_merchant ON payments.payment_list (merchant_id, created_at, id);
        CREATE INDEX payment_list_by_time ON payments.payment_list (created_at, id);
        CREATE INDEX payment_list_by_order ON payments.payment_list (merchant_id, merchant_order_id) WHERE merchant_order_id IS NOT NULL;
        CREATE INDEX payment_list_due ON payments.payment_list (due_at, id) WHERE due_at IS NOT NULL;
        CREATE INDEX payment_list_work ON payments.payment_list (created_at, id) WHERE {IsWork};
        """;

    public string DropTablesSql => "DROP TABLE IF EXISTS payments.payment_list";

    public string ContentQuery => """
        SELECT id, merchant_id, created_at, merchant_order_id, customer_id, status, connector, version, work_item_reason, work_item_since, due_at, state
        FROM payments.payment_list ORDER BY id
        """;

    public bool Concerns(string entity) => entity.StartsWith(PaymentId.Prefix, StringComparison.Ordinal);

    public async ValueTask ApplyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellation)
    {
        // Several versions of one payment become one write.
        var changed = new Dictionary<string, PaymentHistory>(rows.Count, StringComparer.Ordinal);
        await ReadKnownAsync(connection, rows, changed, cancellation).ConfigureAwait(false);
        foreach (var row in rows) changed[row.Entity] = Advance(changed.GetValueOrDefault(row.Entity, PaymentHistory.Empty), row);
        await WriteAsync(connection, [.. changed.Values], cancellation).ConfigureAwait(false);
    }

    private static PaymentHistory Advance(PaymentHistory history, JournalRow row)
    {
        try
        {
            return history.With(PaymentId.Parse(row.Entity), new JournalEntry(row.Version, row.RecordedAt, row.Events));
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or JsonException or FormatException)
        {
            throw new ProjectionStoppedException($"Position {row.Position} of shard {row.Shard} ({row.Entity} version {row.Version}) cannot be applied.", e);
        }
    }

    // A payment that begins in these rows has no row yet.
    private static async Task ReadKnownAsync(
        NpgsqlConnection connection, IReadOnlyList<JournalRow> rows, Dictionary<string, PaymentHistory> known, CancellationToken cancellation)
    {
        var begun = rows.Where(row => row.Version == 1).Select(row => row.Entity).ToHashSet(StringComparer.Ordinal);
        var wanted = rows.Select(row => row.Entity).Where(entity => !begun.Contains(entity)).Distinct(StringComparer.Ordinal).ToArray();
        if (wanted.Length == 0) return;

        await using var command = new NpgsqlCommand("SELECT id, state FROM payments.payment_list WHERE id = ANY ($1)", connection);
        command.Parameters.Add(new() { Value = wanted });
        await command.PrepareAsync(cancellation).ConfigureAwait(false);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) known[reader.GetString(0)] = PaymentHistory.FromJson(reader.GetString(1));
    }

    private static async Task WriteAsync(NpgsqlConnection connection, PaymentHistory[] changed, CancellationToken cancellation)
    {
        const string upsert = """
            INSERT INTO payments.payment_list AS l (
                id, merchant_id, created_at, merchant_order_id, customer_id, status, connector, version, work_item_reason, work_item_since, due_at, state)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, connector = excluded.connector, version = excluded.version,
                work_item_reason = excluded.work_item_reason, work_item_since = excluded.work_item_since, due_at = excluded.due_at, state = excluded.state
            """;
        var views = changed.Select(history => history.View!).ToArray();
        await using var command = new NpgsqlCommand(upsert, connection);
        Add(NpgsqlDbType.Text, views.Select(view => view.Id.Value).ToArray());
        Add(NpgsqlDbType.Text, views.Select(view => view.MerchantId.Value).ToArray());
        Add(NpgsqlDbType.TimestampTz, views.Select(view => view.CreatedAt.UtcDateTime).ToArray());
        Add(NpgsqlDbType.Text, views.Select(view => view.MerchantOrderId).ToArray());
        Add(NpgsqlDbType.Text, views.Select(view => view.CustomerId).ToArray());
        Add(NpgsqlDbType.Text, views.Select(view => StatusText(view.Status)).ToArray());
        Add(NpgsqlDbType.Text, views.Select(view => view.Connector).ToArray());
        Add(NpgsqlDbType.Integer, views.Select(view => view.Version).ToArray());
        Add(NpgsqlDbType.Text, views.Select(view => view.WorkItem?.Reason).ToArray());
        Add(NpgsqlDbType.TimestampTz, views.Select(view => view.WorkItem?.Since.UtcDateTime).ToArray());
        Add(NpgsqlDbType.TimestampTz, views.Select(view => DueAt(view)?.UtcDateTime).ToArray());
        Add(NpgsqlDbType.Text, changed.Select(history => history.ToJson()).ToArray());
        await command.PrepareAsync(cancellation).ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);

        void Add<T>(NpgsqlDbType type, T[] values) => command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    // When a payment has something to do by itself; the sweeper looks for it here. Null for one that has ended or waits for somebody.
    private static DateTimeOffset? DueAt(PaymentView view) => view.Status switch
    {
        PaymentStatus.Processing when view.WorkItem is null or { Reason: WorkItem.ChargeOfPassedAttempt } => view.UpdatedAt,
        PaymentStatus.Created or PaymentStatus.RequiresAction => view.ExpiresAt,
        _ => null,
    };

    internal static string StatusText(PaymentStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());
}
