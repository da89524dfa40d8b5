using OrleansPayments.Silo.Sweeping;

namespace OrleansPayments.Silo.Persistence.PaymentList;

/// <summary>The payments that have something to do, read from the payments list.</summary>
internal sealed class PostgresDuePayments(PaymentsDatabase database) : IDuePayments
{
    /// <summary>The index has all that is needed.</summary>
    public const string Query = """
        SELECT id, due_at FROM payments.payment_list
        WHERE (due_at, id) > ($1, $2) AND due_at < $3
        ORDER BY due_at, id LIMIT $4
        """;

    public async Task<IReadOnlyList<DuePayment>> ReadAsync(
        DateTimeOffset dueAfter, string idAfter, DateTimeOffset dueBefore, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        command.CommandText = Query;
        command.Parameters.Add(new() { Value = dueAfter.UtcDateTime });
        command.Parameters.Add(new() { Value = idAfter });
        command.Parameters.Add(new() { Value = dueBefore.UtcDateTime });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var due = new List<DuePayment>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            due.Add(new DuePayment(PaymentId.Parse(reader.GetString(0)), reader.GetFieldValue<DateTimeOffset>(1)));
        return due;
    }
}
