using OrleansPayments.Silo.Sweeping;

namespace OrleansPayments.Silo.Persistence.PaymentList;

/// <summary>The payments that are not at an end, read from the payments list by time of creation.</summary>
internal sealed class PostgresOpenPayments(PaymentsDatabase database) : IOpenPayments
{
    /// <summary>The condition is the index's own, word by word, so that the index has all that is needed.</summary>
    public const string Query = $"""
        SELECT id, created_at FROM payments.payment_list
        WHERE {PaymentListProjection.IsOpen} AND (created_at, id) > ($1, $2) AND created_at < $3
        ORDER BY created_at, id LIMIT $4
        """;

    public async Task<IReadOnlyList<OpenPayment>> ReadAsync(
        DateTimeOffset createdAfter, string idAfter, DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        command.CommandText = Query;
        command.Parameters.Add(new() { Value = createdAfter.UtcDateTime });
        command.Parameters.Add(new() { Value = idAfter });
        command.Parameters.Add(new() { Value = createdBefore.UtcDateTime });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var open = new List<OpenPayment>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            open.Add(new OpenPayment(PaymentId.Parse(reader.GetString(0)), reader.GetFieldValue<DateTimeOffset>(1)));
        return open;
    }
}
