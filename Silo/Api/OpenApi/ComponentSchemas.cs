using Microsoft.OpenApi;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Problems;
using static OrleansPayments.Silo.Api.OpenApi.Schemas;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The bodies of requests and answers. Tests keep their members equal to what is read and written.</summary>
internal static class ComponentSchemas
{
    public static Dictionary<string, IOpenApiSchema> Build(OpenApiDocument document) => new(StringComparer.Ordinal)
    {
        ["CreateMerchant"] = MerchantSchemas.Create(),
        ["Merchant"] = MerchantSchemas.Merchant(),
        ["UpdateMerchant"] = MerchantSchemas.Update(),
        ["ChangeMerchantStatus"] = MerchantSchemas.ChangeStatus(),
        ["MerchantHealth"] = MerchantSchemas.Health(),
        ["CreateApiKey"] = CreateApiKey(),
        ["ApiKey"] = ApiKey(),
        ["IssuedApiKey"] = IssuedApiKey(),
        ["ApiKeyList"] = ListOf("ApiKey", document),
        ["CreateConnector"] = ConnectorSchemas.CreateConnector(),
        ["UpdateConnector"] = ConnectorSchemas.UpdateConnector(),
        ["Connector"] = ConnectorSchemas.Connector(),
        ["ConnectorHealth"] = ConnectorSchemas.ConnectorHealth(),
        ["ConnectorList"] = ListOf("Connector", document),
        ["CreatePayment"] = CreatePayment(),
        ["CreatePaymentBatch"] = CreatePaymentBatch(document),
        ["PaymentBatch"] = PaymentBatch(document),
        ["PaymentValidation"] = PaymentValidation(),
        ["ConfigureRouting"] = RoutingSchemas.ConfigureRouting(),
        ["MerchantRouting"] = RoutingSchemas.MerchantRouting(),
        ["RoutingPreview"] = RoutingSchemas.Preview(),
        ["PaymentRouting"] = RoutingSchemas.PaymentRouting(),
        ["RequestRoutingReplay"] = RoutingReplaySchemas.RequestReplay(document),
        ["RoutingReplay"] = RoutingReplaySchemas.Replay(),
        ["RoutingReplayList"] = ListOf("RoutingReplay", document),
        ["ConfirmPayment"] = ConfirmPayment(),
        ["CapturePayment"] = CapturePayment(),
        ["CancelPayment"] = CancelPayment(),
        ["ResolvePayment"] = ResolvePayment(),
        ["Payment"] = Payment(),
        ["PaymentList"] = ListOf("Payment", document),
        ["PaymentTraces"] = PaymentTraces(),
        ["WorkItem"] = ListedWorkItem(document),
        ["WorkItemList"] = ListOf("WorkItem", document),
        ["Callback"] = Answer(("received", Schemas.Boolean())),
        ["RotateMasterKey"] = Request(""),
        ["MasterKey"] = MasterKey(),
        ["Health"] = Answer(("status", OneOf(["ok"]))),
        ["Readiness"] = Answer(
            ("status", OneOf(["ready", "not_ready"])),
            ("reasons", Schemas.Array(Answer(("check", Text(1, 100)), ("reason", Text(1, 1000)))))),
        ["Problem"] = ProblemSchema(),
    };

    private static OpenApiSchema ListOf(string element, OpenApiDocument document) =>
        Answer(("data", Schemas.Array(new OpenApiSchemaReference(element, document), 100)), ("has_more", Schemas.Boolean()));

    private static OpenApiSchema CreateApiKey() => Request(
        "name permissions", ("name", Text(1, ApiKeyRequest.MaxNameLength)), ("permissions", PermissionSet()));

    private static OpenApiSchema ApiKey() => Answer(
        ("id", Id("key_")), ("object", OneOf(["api_key"])), ("merchant_id", Id("mer_")), ("name", Text(1, ApiKeyRequest.MaxNameLength)),
        ("permissions", PermissionSet()), ("created_at", Time()), ("revoked_at", Time().OrNull()));

    private static OpenApiSchema IssuedApiKey()
    {
        var schema = ApiKey();
        schema.Properties!.Add("key", Pattern("^sk_", "Keep it secret; only its hash is stored."));
        schema.Required!.Add("key");
        return schema;
    }

    private static OpenApiSchema PermissionSet() => Schemas.Array(OneOf(Permissions.Known.Order(StringComparer.Ordinal)), Permissions.Known.Count);

    private static OpenApiSchema CreatePayment() => Request(
        "amount currency payment_method",
        ("amount", Integer(1, PaymentRequest.MaxAmount, description: "Minor units: 1099 is 10.99 USD, 1099 JPY, 1.099 KWD.")),
        ("currency", Currency()),
        ("merchant_id", Pattern(Id("mer_").Pattern!, "Required of administrators; a merchant's key stands for its own.")),
        ("merchant_order_id", Text(1, PaymentRequest.MaxIdLength)),
        ("description", Text(1, PaymentRequest.MaxDescriptionLength)),
        ("customer_id", Text(1, PaymentRequest.MaxIdLength)),
        ("capture_method", CaptureMethods("automatic").Saying(
            "automatic takes the money at once; manual holds it for one capture, which releases what it leaves; manual_multiple holds it for any number of captures.")),
        ("confirm", Schemas.Boolean(true).Saying("false creates the payment and sends nothing until it is confirmed.")),
        ("payment_method", PaymentMethod()),
        ("preferred_connector", ConnectorName()),
        ("return_url", Url("Where the payer's browser goes when it comes back; payment_id and status are added to the query.")),
        ("metadata", Map(PaymentRequest.MetadataLimits.MaxCount, Text(0, PaymentRequest.MetadataLimits.MaxValueLength), "Names of 1 to 64 characters.")),
        ("device", Request("", ("ip", Text(1, 45, "IPv4 or IPv6.")))),
        ("billing", Request("", ("country", Country())).Saying("Where it is not given, the merchant's country counts.")));

    private static OpenApiSchema CreatePaymentBatch(OpenApiDocument document)
    {
        var payments = Schemas.Array(new OpenApiSchemaReference("CreatePayment", document), PaymentBatchRequest.MaxPayments);
        payments.MinItems = 1;
        return Request("payments", ("payments", payments));
    }

    private static OpenApiSchema PaymentBatch(OpenApiDocument document)
    {
        var result = Answer(("index", Integer(0, PaymentBatchRequest.MaxPayments - 1)), ("status", Integer(201, 599, description: "What the payment alone would have been answered with.")));
        result.Properties!.Add("payment", new OpenApiSchemaReference("Payment", document));
        result.Properties.Add("replayed", Schemas.Boolean().Saying("Beside a payment: whether an earlier request made it."));
        result.Properties.Add("error", new OpenApiSchemaReference("Problem", document));
        return Answer(("data", Schemas.Array(result, PaymentBatchRequest.MaxPayments)));
    }

    private static OpenApiSchema PaymentValidation() => Answer(
        ("valid", Schemas.Boolean()),
        ("errors", Schemas.Array(Answer(("code", Text(1, 64)), ("param", Text(0, 1000).OrNull()), ("detail", Text(1, 2000))))),
        ("routing", RoutingSchemas.Preview().OrNull()));

    private static OpenApiSchema PaymentMethod() => Request(
        "type",
        ("type", OneOf(["card", "wallet", "bank_transfer", "crypto", "account"]).Saying("Only card is available; the others are answered not_supported.")),
        ("card", Request(
            "number exp_month exp_year",
            ("number", Pattern("^[0-9]{12,19}$", "With a right Luhn check digit.")),
            ("exp_month", Integer(1, 12)),
            ("exp_year", Integer(1000, 9999)),
            ("cvc", Pattern("^[0-9]{3,4}$", "Never stored.")),
            ("holder_name", Text(1, PaymentMethodReader.MaxHolderNameLength)))));

    private static OpenApiSchema ConfirmPayment() => Request(
        "", ("payment_method", PaymentMethod().Saying("Takes the place of the one that the payment was created with.")));

    private static OpenApiSchema CapturePayment() => Request(
        "", ("amount", Integer(1, PaymentRequest.MaxAmount, description: "Minor units of the payment's currency; all that is left when it is not given.")));

    private static OpenApiSchema CancelPayment() => Request(
        "", ("reason", Text(1, PaymentOperationRequest.Cancel.MaxReasonLength, "Kept with the payment and shown; must not contain a card number.")));

    private static OpenApiSchema ResolvePayment() => Request(
        "resolution reason",
        ("resolution", Resolution()),
        ("reason", Text(1, PaymentOperationRequest.Resolve.MaxReasonLength, "How it was found out; kept with the payment, must not contain a card number.")),
        ("resolved_by", Text(1, PaymentOperationRequest.Resolve.MaxNameLength, "Who found out; the administrator when it is not given.")),
        ("connector_reference", Text(1, PaymentOperationRequest.Resolve.MaxNameLength, "The provider's id of the charge that is spoken of. Needed for charge_of_passed_attempt, and for one that the payment does not know and where funds are held.")));

    private static OpenApiSchema CaptureMethods(string? otherwise = null) =>
        OneOf(PaymentRequest.CaptureMethods.Keys.Order(StringComparer.Ordinal), otherwise);

    private static OpenApiSchema Payment() => Answer(
        ("id", Id("pay_")),
        ("object", OneOf(["payment"])),
        ("status", PaymentStatuses()),
        ("amount", Integer(1, PaymentRequest.MaxAmount)),
        ("amount_captured", Integer(0, PaymentRequest.MaxAmount)),
        ("amount_refunded", Integer(0, PaymentRequest.MaxAmount)),
        ("currency", Currency()),
        ("capture_method", CaptureMethods()),
        ("merchant_id", Id("mer_")),
        ("merchant_order_id", Text(1, PaymentRequest.MaxIdLength).OrNull()),
        ("customer_id", Text(1, PaymentRequest.MaxIdLength).OrNull()),
        ("description", Text(1, PaymentRequest.MaxDescriptionLength).OrNull()),
        ("connector", ConnectorName().OrNull()),
        ("connector_reference", Text(1, 255).OrNull()),
        ("payment_method", Answer(
            ("type", OneOf(["card"])),
            ("card", Answer(
                ("brand", Text(1, 32)), ("last4", Pattern("^[0-9]{4}$")), ("bin", Pattern("^[0-9]{6}$")), ("exp_month", Integer(1, 12)),
                ("exp_year", Integer(1000, 9999)))))),
        ("billing", Answer(("country", Country())).OrNull()),
        ("cancellation_reason", Text(1, PaymentOperationRequest.Cancel.MaxReasonLength).OrNull()),
        ("return_url", Url().OrNull()),
        ("next_action", Answer(("type", OneOf(["redirect"])), ("url", Url("Where the payer's browser is to go."))).OrNull()
            .Saying("What the payer has to do; null unless the status is requires_action.")),
        ("expires_at", Time().OrNull().Saying("When the time to confirm, or for the payer to act, is over; null while neither is awaited.")),
        ("work_item", WorkItem().OrNull().Saying("What only a person can find out, because the connector gave no answer that decides.")),
        ("last_error", Answer(
            ("code", Text(1, 64)), ("message", Text(1, 1000)), ("connector_code", Text(1, 255).OrNull()),
            ("advice", OneOf(["retry_later", "try_other_method", "do_not_retry"]))).OrNull()),
        ("routing", Answer(("decision_id", Text(1, 64)), ("chosen", ConnectorName().OrNull())).OrNull()),
        ("risk", new OpenApiSchema { Type = JsonSchemaType.Null | JsonSchemaType.Object }),
        ("metadata", Map(PaymentRequest.MetadataLimits.MaxCount, Text(0, PaymentRequest.MetadataLimits.MaxValueLength))),
        ("version", Version()),
        ("created_at", Time()),
        ("updated_at", Time()));

    private static OpenApiSchema WorkItem() => Answer(WorkItemMembers());

    private static OpenApiSchema ListedWorkItem(OpenApiDocument document) => Answer([("payment", new OpenApiSchemaReference("Payment", document)), .. WorkItemMembers()]);

    private static (string Name, IOpenApiSchema Schema)[] WorkItemMembers() =>
    [
        ("reason", Text(1, PaymentListReader.MaxReasonLength)), ("since", Time()),
        ("resolutions", Schemas.Array(Resolution()).Saying("What can be said to resolve it.")),
        ("connector", ConnectorName().OrNull().Saying("Where the charge that it is about is, or may be.")),
        ("connector_reference", Text(1, 255).OrNull().Saying("The provider's id of that charge; null where it is not known.")),
        ("amount", Integer(1, PaymentRequest.MaxAmount).OrNull().Saying("What was taken of that charge where it is known to have funds, else what it was asked for.")),
    ];

    private static OpenApiSchema PaymentTraces() => Answer(("data", Schemas.Array(Answer(
        ("sequence", Integer(1, int.MaxValue)),
        ("at", Time()),
        ("event", Text(1, 64)),
        ("status", PaymentStatuses()),
        ("attempt", Integer(1, int.MaxValue).OrNull()),
        ("connector", ConnectorName().OrNull()),
        ("duration_ms", Integer(0, long.MaxValue).OrNull()),
        ("error_code", Text(1, 64).OrNull()),
        ("error_message", Text(1, 1000).OrNull()),
        ("request", TraceMembers("What was sent, masked.")),
        ("response", TraceMembers("What came back, masked."))))));

    private static OpenApiSchema TraceMembers(string description) =>
        new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Text(0, 2000), Description = description }.OrNull();

    private static OpenApiSchema PaymentStatuses() => OneOf(PaymentListReader.Statuses.Keys.Order(StringComparer.Ordinal));

    private static OpenApiSchema Resolution() => OneOf(PaymentOperationRequest.Resolve.Resolutions.Keys.Order(StringComparer.Ordinal));

    private static OpenApiSchema Url(string? description = null) =>
        new() { Type = JsonSchemaType.String, Format = "uri", MaxLength = PaymentRequest.MaxUrlLength, Description = description };

    private static OpenApiSchema MasterKey() => Answer(
        ("id", Pattern("^[0-9a-f]{16}$", "A short hash that tells keys apart, never the key.")), ("object", OneOf(["master_key"])), ("rotated_at", Time()),
        ("rewrapped_keys", Integer(0, long.MaxValue, description: "How many keys were wrapped anew.")));

    private static OpenApiSchema ProblemSchema()
    {
        var schema = Answer(
            ("type", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri" }),
            ("title", Text(1, 255)),
            ("status", Integer(400, 599)),
            ("detail", Text(1, 2000)),
            ("code", OneOf(ProblemCatalogue.All.Select(kind => kind.Code))),
            ("request_id", Text(1, 128)));
        schema.Properties!.Add("param", Text(0, 1000, "JSON pointer to the field at fault; absent when there is none."));
        return schema;
    }

    public static OpenApiSchema Version() => Integer(1, int.MaxValue);
}
