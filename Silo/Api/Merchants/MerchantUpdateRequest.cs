using System.Text.Json;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Json;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary>The body of <c>PATCH /merchants/{id}</c>: what is left out stays as it is.</summary>
internal static class MerchantUpdateRequest
{
    public static UpdateMerchant Read(JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, MerchantRequest.Fields);
        var given = MerchantRequest.Fields.Where(name => fields.Value(name).ValueKind != JsonValueKind.Undefined).ToHashSet(StringComparer.Ordinal);
        return new UpdateMerchant(
            given.Contains("name") ? MerchantRequest.ReadName(fields) : null,
            given.Contains("country") ? MerchantRequest.ReadCountry(fields) : null,
            given.Contains("default_currency") ? MerchantRequest.ReadCurrency(fields) : null);
    }
}
