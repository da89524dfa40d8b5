using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>
/// The body of <c>POST /payments</c>. A class and not a record: it holds a card.
/// </summary>
internal sealed class PaymentRequest
{
    /// <summary>Twelve digits, as many as an authorisation message has room for (ISO 8583, field 4).</summary>
    public const long MaxAmount = 999_999_999_999;

    public const int MaxIdLength = 255;
    public const int MaxDescriptionLength = 1000;
    public const int MaxUrlLength = 2048;

    public static ImmutableArray<string> Fields { get; } =
    [
        "amount", "currency", "merchant_id", "merchant_order_id", "description", "customer_id", "capture_method", "confirm", "payment_method",
        "preferred_connector", "return_url", "metadata", "device", "billing",
    ];

    public static ImmutableArray<string> DeviceFields { get; } = ["ip"];

    public static ImmutableArray<string> BillingFields { get; } = ["country"];

    public static MapLimits MetadataLimits { get; } = new(MaxCount: 50, MaxKeyLength: 64, MinValueLength: 0, MaxValueLength: 500);

    /// <summary>The capture methods by the names that they have in requests and answers.</summary>
    public static FrozenDictionary<string, CaptureMethod> CaptureMethods { get; } =
        Enum.GetValues<CaptureMethod>().ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    public required MerchantId? MerchantId { get; init; }

    public required Money Amount { get; init; }

    public required CardDetails CardDetails { get; init; }

    public required CaptureMethod CaptureMethod { get; init; }

    /// <summary>False creates the payment and sends nothing.</summary>
    public required bool Confirm { get; init; }

    public required string? MerchantOrderId { get; init; }

    public required string? Description { get; init; }

    public required string? CustomerId { get; init; }

    public required string? PreferredConnector { get; init; }

    public required string? ReturnUrl { get; init; }

    public required ImmutableSortedDictionary<string, string> Metadata { get; init; }

    public required string? DeviceIp { get; init; }

    public required string? BillingCountry { get; init; }

    /// <summary>False only after a fault, when no card could be read.</summary>
    public bool HasCard => CardDetails.ExpiryYear > 0;

    public override string ToString() => "payment request";

    /// <summary>Not to be used after a fault.</summary>
    public static PaymentRequest Read(JsonElement body, Faults faults) => Read(body, "", faults);

    /// <param name="pointer">Where the request stands in the body; empty when it is the body.</param>
    public static PaymentRequest Read(JsonElement element, string pointer, Faults faults)
    {
        var fields = JsonFields.Read(element, pointer, faults, Fields);
        var amount = fields.RequiredInteger("amount", 1, MaxAmount);
        var hasCurrency = Currency.TryParse(fields.RequiredText("currency", 255), out var currency);
        if (!hasCurrency)
        {
            fields.Refuse(ProblemCatalogue.InvalidValue, "currency", "The value must be an ISO 4217 code in upper case.");
        }

        var card = PaymentMethodReader.Read(fields);
        var request = new PaymentRequest
        {
            MerchantId = ReadMerchantId(fields),
            Amount = hasCurrency ? Money.FromMinorUnits(amount, currency) : default,
            CardDetails = card,
            CaptureMethod = ReadCaptureMethod(fields),
            Confirm = fields.OptionalBoolean("confirm", true),
            MerchantOrderId = fields.OptionalText("merchant_order_id", MaxIdLength),
            Description = fields.OptionalText("description", MaxDescriptionLength),
            CustomerId = fields.OptionalText("customer_id", MaxIdLength),
            PreferredConnector = ReadPreferredConnector(fields),
            ReturnUrl = ReadReturnUrl(fields),
            Metadata = fields.OptionalMap("metadata", MetadataLimits),
            DeviceIp = ReadDeviceIp(fields),
            BillingCountry = ReadBillingCountry(fields),
        };
        if (request.HasCard && card.Number.Length > 0) request.RefuseCardNumberElsewhere(fields);
        return request;
    }

    public CreatePayment ToCommand(MerchantId merchantId, string fingerprint, string cardFingerprint) => new(
        merchantId, Amount, CardDetails, MerchantOrderId, Description, CustomerId, PreferredConnector, ReturnUrl, Metadata, DeviceIp, fingerprint,
        CaptureMethod, Confirm, cardFingerprint, BillingCountry);

    /// <summary>What a route would be asked for, under an id that no payment has. What is no card number says nothing of its network.</summary>
    public RoutingRequest ToRoutingRequest(MerchantId merchantId)
    {
        var card = CardRules.IsNumber(CardDetails.Number) ? CardNetworks.Summarize(CardDetails) : null;
        var id = PaymentId.FromBits(RandomIdentity.Bits());
        return new RoutingRequest(id, merchantId, Amount, "card", PreferredConnector, card?.Brand, card?.Bin, Metadata, BillingCountry);
    }

    /// <summary>Everything that was asked but the security code; what says no more than the default is left out. Pinned by a test: fingerprints are stored.</summary>
    public void WriteCanonical(Utf8JsonWriter writer, MerchantId merchantId)
    {
        writer.WriteStartObject();
        writer.WriteNumber("amount", Amount.MinorUnits);
        WriteOptional(writer, "billing_country", BillingCountry);
        if (CaptureMethod != CaptureMethod.Automatic) writer.WriteString("capture_method", NameOf(CaptureMethod));
        PaymentMethodReader.WriteCanonical(writer, CardDetails);
        if (!Confirm) writer.WriteBoolean("confirm", Confirm);
        writer.WriteString("currency", Amount.Currency.Code);
        WriteOptional(writer, "customer_id", CustomerId);
        WriteOptional(writer, "description", Description);
        WriteOptional(writer, "device_ip", DeviceIp);
        writer.WriteString("merchant_id", merchantId.Value);
        WriteOptional(writer, "merchant_order_id", MerchantOrderId);
        if (!Metadata.IsEmpty)
        {
            writer.WriteStartObject("metadata");
            foreach (var (key, value) in Metadata) writer.WriteString(key, value);
            writer.WriteEndObject();
        }

        WriteOptional(writer, "preferred_connector", PreferredConnector);
        WriteOptional(writer, "return_url", ReturnUrl);
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }

    private static CaptureMethod ReadCaptureMethod(JsonFields fields)
    {
        if (fields.OptionalText("capture_method", 255) is not { } text) return CaptureMethod.Automatic;
        if (CaptureMethods.TryGetValue(text, out var method)) return method;
        fields.Refuse(ProblemCatalogue.InvalidValue, "capture_method", $"The value must be one of: {string.Join(", ", CaptureMethods.Keys.Order(StringComparer.Ordinal))}.");
        return CaptureMethod.Automatic;
    }

    private static string NameOf(CaptureMethod method) => JsonSerializer.SerializeToElement(method, ApiJson.Default.CaptureMethod).GetString()!;

    private static MerchantId? ReadMerchantId(JsonFields fields)
    {
        if (fields.OptionalText("merchant_id", 255) is not { } text) return null;
        if (OrleansPayments.MerchantId.TryParse(text, out var id)) return id;
        fields.Refuse(ProblemCatalogue.InvalidValue, "merchant_id", "The value must be a merchant id.");
        return null;
    }

    private static string? ReadPreferredConnector(JsonFields fields)
    {
        if (fields.OptionalText("preferred_connector", 255) is not { } text) return null;
        if (!ConnectorName.TryParse(text, out _)) fields.Refuse(ProblemCatalogue.InvalidValue, "preferred_connector", "The value must be the name of a connector.");
        return text;
    }

    private static string? ReadReturnUrl(JsonFields fields)
    {
        if (fields.OptionalText("return_url", MaxUrlLength) is not { } text) return null;
        var acceptable = Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri.Host.Length > 0
            && uri.UserInfo.Length == 0
            && !text.Contains(' ', StringComparison.Ordinal);
        if (!acceptable) fields.Refuse(ProblemCatalogue.InvalidValue, "return_url", "The value must be an absolute http or https URL without user information.");
        return text;
    }

    // In one form, so that two spellings of an address are the same request.
    private static string? ReadDeviceIp(JsonFields fields)
    {
        if (fields.OptionalObject("device", DeviceFields) is not { } device) return null;
        if (device.OptionalText("ip", 255) is not { } text) return null;
        if (TryParseAddress(text, out var address)) return address;
        device.Refuse(ProblemCatalogue.InvalidValue, "ip", "The value must be an IPv4 or IPv6 address.");
        return null;
    }

    private static string? ReadBillingCountry(JsonFields fields)
    {
        if (fields.OptionalObject("billing", BillingFields)?.OptionalText("country", 255) is not { } country) return null;
        if (!Countries.All.Contains(country)) fields.Refuse(ProblemCatalogue.InvalidValue, "billing", "The value must be an ISO 3166-1 alpha-2 code in upper case.", "country");
        return country;
    }

    // .NET also reads 127.1, 0x7f000001, [::1] and zones; nobody's address is written so by intent.
    private static bool TryParseAddress(string text, out string canonical)
    {
        canonical = "";
        if (text.AsSpan().ContainsAny('[', '%', ']')) return false;
        if (!IPAddress.TryParse(text, out var address)) return false;
        canonical = address.ToString();
        return address.AddressFamily == AddressFamily.InterNetworkV6 || canonical == text;
    }

    // Free text is stored and shown in clear; the card's number must not get there.
    private void RefuseCardNumberElsewhere(JsonFields fields)
    {
        Check("merchant_order_id", MerchantOrderId);
        Check("description", Description);
        Check("customer_id", CustomerId);
        Check("return_url", ReturnUrl);
        foreach (var (key, value) in Metadata)
        {
            Check("metadata", key);
            Check("metadata", value);
        }

        void Check(string name, string? text)
        {
            if (text?.Contains(CardDetails.Number, StringComparison.Ordinal) != true) return;
            fields.Refuse(ProblemCatalogue.InvalidValue, name, "The value must not contain the card number.");
        }
    }
}
