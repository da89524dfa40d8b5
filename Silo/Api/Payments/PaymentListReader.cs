using System.Collections.Frozen;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>Reads the queries of <c>GET /payments</c> and <c>GET /work_items</c>.</summary>
internal sealed class PaymentListReader(IGrainFactory grains)
{
    private const string Status = "status";
    private const string Connector = "connector";
    private const string Merchant = "merchant_id";
    private const string CustomerId = "customer_id";
    private const string MerchantOrderId = "merchant_order_id";
    private const string CreatedAfter = "created_after";
    private const string CreatedBefore = "created_before";
    private const string Reason = "reason";

    public const int MaxReasonLength = 64;

    /// <summary>The statuses by the names that they have in answers.</summary>
    public static FrozenDictionary<string, PaymentStatus> Statuses { get; } = Enum.GetValues<PaymentStatus>()
        .ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    public static string NameOf(PaymentStatus status) => JsonSerializer.SerializeToElement(status, ApiJson.Default.PaymentStatus).GetString()!;

    public async Task<Validated<PaymentListQuery>> ReadAsync(HttpRequest request, Caller caller)
    {
        var faults = new Faults();
        var query = QueryFields.Read(
            request, faults, Status, Connector, Merchant, CustomerId, MerchantOrderId, CreatedAfter, CreatedBefore, Paging.Limit, Paging.StartingAfter);
        var named = ReadMerchant(query);
        var list = new PaymentListQuery(
            caller.MerchantId ?? named,
            ReadStatus(query),
            ReadConnector(query),
            query.Text(CustomerId, PaymentRequest.MaxIdLength),
            query.Text(MerchantOrderId, PaymentRequest.MaxIdLength),
            query.Time(CreatedAfter),
            query.Time(CreatedBefore),
            Paging.ReadLimit(query),
            StartingAfter: null);
        var cursor = query.Text(Paging.StartingAfter, Paging.MaxIdLength);
        if (faults.First is { } fault) return fault;
        if (named is { } merchant && !caller.MaySee(merchant)) return ProblemCatalogue.Forbidden.With("The key belongs to another merchant.", "/" + Merchant);
        if (cursor is null) return list;
        return (await CursorAsync(cursor, list.MerchantId)).TryGet(out var place, out var problem) ? list with { StartingAfter = place } : problem;
    }

    public async Task<Validated<WorkListQuery>> ReadWorkAsync(HttpRequest request)
    {
        var faults = new Faults();
        var query = QueryFields.Read(request, faults, Merchant, Reason, Paging.Limit, Paging.StartingAfter);
        var list = new WorkListQuery(ReadMerchant(query), query.Text(Reason, MaxReasonLength), Paging.ReadLimit(query), StartingAfter: null);
        var cursor = query.Text(Paging.StartingAfter, Paging.MaxIdLength);
        if (faults.First is { } fault) return fault;
        if (cursor is null) return list;
        return (await CursorAsync(cursor, list.MerchantId)).TryGet(out var place, out var problem) ? list with { StartingAfter = place } : problem;
    }

    // The grain knows every payment, also one that the read model has not reached, and whose it is.
    private async Task<Validated<PaymentCursor>> CursorAsync(string cursor, MerchantId? merchant)
    {
        var payment = PaymentId.TryParse(cursor, out var id) ? await grains.Payment(id).Get() : null;
        var belongs = payment is not null && (merchant is null || merchant == payment.MerchantId);
        return belongs
            ? new PaymentCursor(id, payment!.CreatedAt)
            : ProblemCatalogue.InvalidValue.With("The list has no such payment.", "/" + Paging.StartingAfter);
    }

    private static PaymentStatus? ReadStatus(QueryFields query)
    {
        if (query.Text(Status, 64) is not { } text) return null;
        if (Statuses.TryGetValue(text, out var status)) return status;
        query.Refuse(Status, $"The value must be one of: {string.Join(", ", Statuses.Keys.Order(StringComparer.Ordinal))}.");
        return null;
    }

    private static ConnectorName? ReadConnector(QueryFields query)
    {
        if (query.Text(Connector, 255) is not { } text) return null;
        if (ConnectorName.TryParse(text, out var name)) return name;
        query.Refuse(Connector, "The value must be the name of a connector.");
        return null;
    }

    private static MerchantId? ReadMerchant(QueryFields query)
    {
        if (query.Text(Merchant, 255) is not { } text) return null;
        if (MerchantId.TryParse(text, out var id)) return id;
        query.Refuse(Merchant, "The value must be a merchant id.");
        return null;
    }
}
