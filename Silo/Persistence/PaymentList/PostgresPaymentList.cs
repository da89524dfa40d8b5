using System.Globalization;
using System.Text;
using Npgsql;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Persistence.Projections;

namespace OrleansPayments.Silo.Persistence.PaymentList;

/// <summary>The payments list, read from its projection.</summary>
internal sealed class PostgresPaymentList(PaymentsDatabase database, Projector projector) : IPaymentList
{
    // A caller that filters by an id which it has just used expects to find it.
    private static readonly TimeSpan ReadYourWrites = TimeSpan.FromSeconds(1);

    public async Task<PaymentPage> ListAsync(PaymentListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.MerchantOrderId is not null)
        {
            await projector.WaitUntilNowAsync(PaymentListProjection.ProjectionName, ReadYourWrites, cancellationToken).ConfigureAwait(false);
        }

        return await PaymentPageReader.ReadAsync(database, connection => Describe(query, connection), query.Limit, "The payments list", cancellationToken).ConfigureAwait(false);
    }

    private static NpgsqlCommand Describe(PaymentListQuery query, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand { Connection = connection };
        var conditions = new List<string>();
        if (query.MerchantId is { } merchant) Where("merchant_id =", merchant.Value);
        if (query.Status is { } status) Where("status =", PaymentListProjection.StatusText(status));
        if (query.Connector is { } connector) Where("connector =", connector.Value);
        if (query.CustomerId is { } customer) Where("customer_id =", customer);
        if (query.MerchantOrderId is { } order) Where("merchant_order_id =", order);
        if (query.CreatedAfter is { } after) Where("created_at >", after.UtcDateTime);
        if (query.CreatedBefore is { } before) Where("created_at <", before.UtcDateTime);
        if (query.StartingAfter is { } cursor) conditions.Add($"(created_at, id) < ({Parameter(cursor.CreatedAt.UtcDateTime)}, {Parameter(cursor.Id.Value)})");

        var text = new StringBuilder("SELECT state FROM payments.payment_list");
        if (conditions.Count > 0) text.Append(" WHERE ").AppendJoin(" AND ", conditions);
        text.Append(CultureInfo.InvariantCulture, $" ORDER BY created_at DESC, id DESC LIMIT {Parameter(query.Limit + 1)}");
#pragma warning disable CA2100 // Every value is a parameter; the rest is constant text of this method.
        command.CommandText = text.ToString();
#pragma warning restore CA2100
        return command;

        void Where(string comparison, object value) => conditions.Add($"{comparison} {Parameter(value)}");

        string Parameter(object value)
        {
            command.Parameters.Add(new() { Value = value });
            return "$" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
        }
    }
}
