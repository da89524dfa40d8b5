using OrleansPayments.Payments;
using OrleansPayments.Silo.Sweeping;

namespace OrleansPayments.Silo.Persistence.PaymentList;

/// <summary>The payments without an outcome, read from the payments list by time of creation.</summary>
internal sealed class PostgresOpenPayments(PaymentsDatabase database) : IOpenPayments
{
    public async Task<IReadOnlyList<OpenPayment>> ReadAsync(
        DateTimeOffset createdAfter, string idAfter, DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT id, created_at FROM payments.payment_list
            WHERE status = $1 AND (created_at, id) > ($2, $3) AND created_at < $4
            ORDER BY created_at, id LIMIT $5
            """;
        command.Parameters.Add(new() { Value = PaymentListProjection.StatusText(PaymentStatus.Processing) });
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
