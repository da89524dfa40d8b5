using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.KeyRotation;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Routing;
using OrleansPayments.Silo.Api.Routing.Replay;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>The API's description against the API.</summary>
public sealed class OpenApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Callbacks = "/api/v1/callbacks/{connector}";

    private static readonly string[] Unauthenticated = [Callbacks];

    // Or, of callbacks, with an effect that has an identity of its own.
    private static readonly string[] WithoutEffect = [Callbacks, "/api/v1/payments/validate", "/api/v1/routing/simulate"];

    private static readonly string[] Verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    [Fact]
    public async Task The_description_lists_every_route_and_no_other()
    {
        var document = await DocumentAsync();
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var described = Operations(document).Select(operation => $"{operation.Verb} {operation.Path}");
        var routes = host.App.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods, (route, verb) => (Verb: verb, Path: "/" + route.RoutePattern.RawText!.TrimStart('/')))
            .Where(route => Verbs.Contains(route.Verb) && route.Path != "/openapi/v1.json")
            .Select(route => $"{route.Verb} {route.Path}");
        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_is_described_whole()
    {
        var document = await DocumentAsync();
        var ids = new HashSet<string>();
        foreach (var (path, verb, operation) in Operations(document))
        {
            Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!));
            Assert.False(string.IsNullOrWhiteSpace(operation.GetProperty("summary").GetString()));
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            var responses = operation.GetProperty("responses").EnumerateObject().ToList();
            Assert.Contains(responses, response => response.Name[0] is '2' or '3');
            Assert.Contains(responses, response => response.Name[0] == '4');
            Assert.All(responses, response =>
            {
                Assert.False(string.IsNullOrWhiteSpace(response.Value.GetProperty("description").GetString()));
                Assert.True(response.Value.GetProperty("headers").TryGetProperty("Request-Id", out _));
                var media = response.Name[0] == '4' ? "application/problem+json" : null;
                if (media is not null) Assert.Equal("#/components/schemas/Problem", response.Value.GetProperty("content").GetProperty(media).GetProperty("schema").GetProperty("$ref").GetString());
            });
            if (path.StartsWith("/api/", StringComparison.Ordinal) && !Unauthenticated.Contains(path))
            {
                Assert.Equal("""[{"api_key":[]}]""", JsonSerializer.Serialize(operation.GetProperty("security")));
                Assert.Superset(new HashSet<string> { "400", "401", "403", "405", "500", "503" }, responses.Select(response => response.Name).ToHashSet());
            }

            var names = Parameters(operation).Select(parameter => parameter.GetProperty("name").GetString()!).ToList();
            Assert.Equal(verb == "POST" && !WithoutEffect.Contains(path), names.Contains("Idempotency-Key"));
            Assert.Equal(verb is "POST" or "PUT" or "PATCH", operation.TryGetProperty("requestBody", out _));
            foreach (var segment in path.Split('/').Where(segment => segment.StartsWith('{')))
            {
                var parameter = Parameters(operation).Single(one => one.GetProperty("name").GetString() == segment.Trim('{', '}'));
                Assert.Equal(("path", true), (parameter.GetProperty("in").GetString(), parameter.GetProperty("required").GetBoolean()));
            }
        }
    }

    [Fact]
    public async Task Statuses_and_capture_methods_are_listed_as_they_are_written()
    {
        var document = await DocumentAsync();
        var schemas = document.GetProperty("components").GetProperty("schemas");
        string[] statuses = ["authorized", "cancelled", "captured", "created", "declined", "failed", "partially_captured", "processing", "requires_action"];
        string[] captureMethods = ["automatic", "manual", "manual_multiple"];
        Assert.Equal(statuses, Values(Find(schemas, "Payment/status")));
        Assert.Equal(captureMethods, Values(Find(schemas, "Payment/capture_method")));
        Assert.Equal(captureMethods, Values(Find(schemas, "CreatePayment/capture_method")));
        var list = Operations(document).Single(operation => operation is { Path: "/api/v1/payments", Verb: "GET" }).Operation;
        Assert.Equal(statuses, Values(Parameters(list).Single(parameter => parameter.GetProperty("name").GetString() == "status").GetProperty("schema")));

        static IEnumerable<string?> Values(JsonElement schema) => schema.GetProperty("enum").EnumerateArray().Select(value => value.GetString());
    }

    [Fact]
    public async Task A_change_has_no_defaults_and_a_creation_has()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        Assert.DoesNotContain("\"default\"", schemas.GetProperty("UpdateConnector").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("\"default\"", schemas.GetProperty("CreateConnector").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("null", Find(schemas, "Connector/fees/items/effective_from").GetProperty("type")[0].GetString());
        Assert.Equal("string", Find(schemas, "CreateConnector/fees/items/effective_from").GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_is_open_to_everybody_says_so()
    {
        foreach (var (path, status) in ((string, string)[])[(Callbacks, "200"), ("/return/{payment_id}", "303"), ("/health", "200")])
        {
            var operation = Operations(await DocumentAsync()).Single(one => one.Path == path).Operation;
            Assert.Equal(0, operation.GetProperty("security").GetArrayLength());
            Assert.Equal(status, operation.GetProperty("responses").EnumerateObject().First().Name);
        }
    }

    [Theory]
    [InlineData("/api/v1/payments", true)]
    [InlineData("/api/v1/payments/{id}/confirm", false)]
    [InlineData("/api/v1/payments/{id}/capture", false)]
    [InlineData("/api/v1/payments/{id}/cancel", false)]
    [InlineData("/api/v1/merchants/{id}/suspend", false)]
    [InlineData("/api/v1/merchants/{id}/activate", false)]
    [InlineData("/api/v1/merchants/{id}/close", false)]
    [InlineData("/api/v1/master_key/rotate", false)]
    public async Task A_body_is_required_where_it_is(string path, bool required)
    {
        var post = Operations(await DocumentAsync()).Single(operation => operation.Path == path && operation.Verb == "POST").Operation;
        Assert.Equal(required, post.GetProperty("requestBody").TryGetProperty("required", out var value) && value.GetBoolean());
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_schema_is_used()
    {
        var document = await DocumentAsync();
        var text = document.GetRawText();
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => "#/components/schemas/" + schema.Name).ToHashSet();
        var references = new HashSet<string>();
        Collect(document);
        Assert.Equal(schemas.Order(StringComparer.Ordinal), references.Where(reference => reference.Contains("/schemas/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("\"bearer\"", text, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(document.GetProperty("info").GetProperty("description").GetString()));
        Assert.NotEmpty(document.GetProperty("tags").EnumerateArray());

        void Collect(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array) foreach (var item in element.EnumerateArray()) Collect(item);
            if (element.ValueKind != JsonValueKind.Object) return;
            foreach (var member in element.EnumerateObject())
            {
                if (member.Name == "$ref") references.Add(member.Value.GetString()!);
                else Collect(member.Value);
            }
        }
    }

    [Fact]
    public async Task Request_schemas_have_the_fields_that_are_read_and_refuse_others()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        Same("CreateMerchant", MerchantRequest.Fields);
        Same("UpdateMerchant", MerchantRequest.Fields);
        Same("ChangeMerchantStatus", MerchantStatusRequest.Fields);
        Same("CreateApiKey", ApiKeyRequest.Fields);
        Same("CreateConnector", ConnectorRequest.Fields);
        Same("UpdateConnector", ConnectorPatch.Fields);
        foreach (var connector in (string[])["CreateConnector", "UpdateConnector"])
        {
            Same(connector + "/capabilities", ConnectorMembers.CapabilityFields);
            Same(connector + "/capabilities/amounts/items", ConnectorMembers.AmountFields);
            Same(connector + "/fees/items", ConnectorMembers.FeeFields);
            Same(connector + "/health", ConnectorMembers.HealthFields);
            Same(connector + "/inquiry", ConnectorMembers.InquiryFields);
        }

        Same("CreatePayment", PaymentRequest.Fields);
        Same("CreatePayment/payment_method", PaymentMethodReader.Fields);
        Same("CreatePayment/payment_method/card", PaymentMethodReader.CardFields);
        Same("CreatePayment/device", PaymentRequest.DeviceFields);
        Same("CreatePayment/billing", PaymentRequest.BillingFields);
        Same("ConfirmPayment", PaymentOperationRequest.Confirm.Fields);
        Same("ConfirmPayment/payment_method", PaymentMethodReader.Fields);
        Same("ConfirmPayment/payment_method/card", PaymentMethodReader.CardFields);
        Same("ResolvePayment", PaymentOperationRequest.Resolve.Fields);
        Same("ConfigureRouting", RoutingConfigurationRequest.Fields);
        Same("ConfigureRouting/weights", RoutingConfigurationRequest.WeightFields);
        Same("ConfigureRouting/failover", RoutingConfigurationRequest.FailoverFields);
        Same("ConfigureRouting/rules/items", RoutingConfigurationRequest.RuleFields);
        Same("ConfigureRouting/rules/items/when", RoutingConfigurationRequest.ConditionFields);
        Same("ConfigureRouting/rules/items/when/amount", RoutingConfigurationRequest.AmountFields);
        Same("RequestRoutingReplay", ReplayRequest.Fields);
        Same("CreatePaymentBatch", PaymentBatchRequest.Fields);
        Same("CapturePayment", PaymentOperationRequest.Capture.Fields);
        Same("CancelPayment", PaymentOperationRequest.Cancel.Fields);
        Same("RotateMasterKey", RotationRequest.Fields);

        void Same(string path, ImmutableArray<string> fields)
        {
            var schema = Find(schemas, path);
            Assert.Equal(fields.Order(StringComparer.Ordinal), Names(schema));
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        }
    }

    [Fact]
    public async Task Answer_schemas_have_the_members_that_are_written()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        var json = ApiJson.Default;
        Same("Merchant", json.MerchantBody);
        Same("MerchantHealth", json.MerchantHealthBody);
        Same("MerchantHealth/payments", json.PaymentCountsBody);
        Same("MerchantHealth/volume/items", json.MerchantVolumeBody);
        Same("MerchantHealth/latency_ms", json.LatencyBody);
        Same("ApiKey", json.ApiKeyBody);
        Same("IssuedApiKey", json.IssuedApiKeyBody);
        Same("ApiKeyList", json.ApiKeyList);
        Same("Connector", json.ConnectorBody);
        Same("Connector/capabilities", json.CapabilitiesBody);
        Same("Connector/capabilities/amounts/items", json.AmountRangeBody);
        Same("Connector/fees/items", json.FeeBody);
        Same("Connector/health", json.HealthSettingsBody);
        Same("ConnectorHealth", json.ConnectorHealthBody);
        Same("ConnectorHealth/failures", json.ConnectorFailuresBody);
        Same("ConnectorHealth/latency_ms", json.LatencyBody);
        Same("ConnectorHealth/events/items", json.CircuitEventBody);
        Same("ConnectorHealth/events/items/failures", json.ConnectorFailuresBody);
        Same("Connector/inquiry", json.InquirySettingsBody);
        Same("Payment", json.PaymentBody);
        Same("Payment/payment_method", json.PaymentMethodBody);
        Same("Payment/payment_method/card", json.CardBody);
        Same("Payment/billing", json.BillingBody);
        Same("Payment/last_error", json.PaymentErrorBody);
        Same("Payment/routing", json.RoutingBody);
        Same("Payment/next_action", json.NextActionBody);
        Same("Payment/work_item", json.WorkItemBody);
        Same("MasterKey", json.MasterKeyBody);
        Same("Problem", json.ProblemBody);
        Same("PaymentBatch", json.PaymentBatchBody);
        Same("PaymentBatch/data/items", json.PaymentBatchResultBody);
        Same("PaymentValidation", json.PaymentValidationBody);
        Same("PaymentValidation/errors/items", json.ValidationErrorBody);
        Same("PaymentValidation/routing", json.RoutePreviewBody);
        Same("PaymentValidation/routing/candidates/items", json.RouteCandidateBody);
        Same("RoutingPreview", json.RoutePreviewBody);
        Same("PaymentRouting", json.PaymentRoutingBody);
        Same("PaymentRouting/candidates/items", json.RouteCandidateBody);
        Same("MerchantRouting", json.MerchantRoutingBody);
        Same("MerchantRouting/weights", json.WeightsBody);
        Same("MerchantRouting/failover", json.FailoverBody);
        Same("MerchantRouting/rules/items", json.RoutingRuleBody);
        Same("MerchantRouting/rules/items/when", json.RoutingConditionsBody);
        Same("MerchantRouting/rules/items/when/amount", json.AmountBoundsBody);
        Same("RoutingReplay", json.RoutingReplayBody);
        Same("RoutingReplay/policy", json.RoutingPolicyBody);
        Same("RoutingReplay/progress", json.ReplayProgressBody);
        Same("RoutingReplay/result", json.ReplayResultBody);
        Same("RoutingReplay/result/currencies/items", json.ReplayCurrencyBody);
        Same("RoutingReplay/result/currencies/items/fee", json.ReplayFeeBody);
        Same("RoutingReplay/result/currencies/items/unrouted", json.ReplayUnroutedBody);
        Same("RoutingReplay/result/currencies/items/weighted_cost", json.ReplayCostBody);
        Same("RoutingReplay/result/currencies/items/connectors/items", json.ReplayConnectorBody);
        Same("RoutingReplay/result/currencies/items/connectors/items/after", json.ReplayShareBody);
        Same("RoutingReplay/result/currencies/items/moves/items", json.ReplayMoveBody);
        Same("WorkItem", json.ListedWorkItemBody);
        Same("PaymentTraces", json.PaymentTracesBody);
        Same("PaymentTraces/data/items", json.PaymentTraceBody);
        Same("Callback", json.CallbackBody);
        Same("Health", json.HealthBody);
        Same("Readiness", json.ReadyBody);
        Same("Readiness/reasons/items", json.NotReadyReason);

        void Same(string path, JsonTypeInfo written) =>
            Assert.Equal(written.Properties.Select(property => property.Name).Order(StringComparer.Ordinal), Names(Find(schemas, path)));
    }

    private static IEnumerable<string> Names(JsonElement schema) => schema.TryGetProperty("properties", out var properties)
        ? properties.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)
        : [];

    private static JsonElement Find(JsonElement schemas, string path)
    {
        var parts = path.Split('/');
        return parts[1..].Aggregate(schemas.GetProperty(parts[0]), (schema, part) => part == "items" ? schema.GetProperty("items") : schema.GetProperty("properties").GetProperty(part));
    }

    private static IEnumerable<JsonElement> Parameters(JsonElement operation) => operation.GetProperty("parameters").EnumerateArray();

    private static IEnumerable<(string Path, string Verb, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from verb in path.Value.EnumerateObject()
        where Verbs.Contains(verb.Name.ToUpperInvariant())
        select (path.Name, verb.Name.ToUpperInvariant(), verb.Value);

    private async Task<JsonElement> DocumentAsync()
    {
        var answer = await host.GetAsync("/openapi/v1.json", key: null);
        Assert.Equal((200, "application/json"), (answer.Status, answer.MediaType));
        return answer.Json;
    }
}
